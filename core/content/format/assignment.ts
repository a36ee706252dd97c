import * as z from 'zod/mini'
import { AssignmentRules, USUAL_ASSIGNMENT, unsoundRules } from '#contract/assignments.ts'
import type { KnownKeys } from './findings.ts'
import { Moment } from './moment.ts'
import { Percent, Whole } from './quiz.ts'
import { filled, said } from './said.ts'

const TAKES = { text: 'text', files: 'files', both: 'text or files' } as const
const Takes = z.pipe(
  z.enum(['text', 'files', 'text or files']),
  z.transform((words): AssignmentRules['takes'] => (words === 'text or files' ? 'both' : words)),
)

const Head = z.object({
  takes: z.optional(Takes),
  due: z.optional(Moment),
  pass: z.optional(Percent),
  tries: z.optional(Whole),
  rubric: z.optional(
    z.array(
      z.object({
        criterion: z.string(),
        says: z.optional(z.string()),
        levels: z.array(z.object({ level: z.string(), points: Whole, says: z.optional(z.string()) })),
      }),
    ),
  ),
})
type Head = z.infer<typeof Head>

export const ASSIGNMENT_KEYS: KnownKeys = {
  assignment: Object.keys(Head.shape),
  'assignment.rubric': ['criterion', 'says', 'levels'],
  'assignment.rubric.levels': ['level', 'points', 'says'],
}

const rulesOf = ({ takes, due, pass, tries, rubric }: Head) => ({
  takes: takes ?? USUAL_ASSIGNMENT.takes,
  ...(due !== undefined && { dueAt: due }),
  passPercent: pass ?? USUAL_ASSIGNMENT.passPercent,
  ...(tries !== undefined && { tries }),
  rubric: (rubric ?? []).map(({ criterion, says, levels }) => ({
    title: criterion,
    ...(says !== undefined && { says }),
    levels: levels.map(({ level, ...rest }) => ({ title: level, ...rest })),
  })),
})

const unsound = (head: Head): string | undefined => {
  const read = AssignmentRules.safeParse(rulesOf(head))
  const [issue] = read.error?.issues ?? []
  if (issue) return `its ${issue.path.findLast((step) => typeof step === 'string') ?? 'rules'} are not possible`
  const problem = read.success ? unsoundRules(read.data) : undefined
  return problem && `its rubric ${problem}`
}

/** What an assignment wants, as its file says it. */
export const AssignmentHead = z.pipe(
  Head.check(({ value, issues }) => {
    // What has no shape yet is told of by its own schema.
    const says = issues.length > 0 ? undefined : unsound(value)
    if (says !== undefined) issues.push({ code: 'custom', message: says, input: value })
  }),
  z.transform((head) => AssignmentRules.parse(rulesOf(head))),
)

export const assignmentHead = ({ takes, dueAt, passPercent, tries, rubric }: AssignmentRules) =>
  said({
    takes: takes === USUAL_ASSIGNMENT.takes ? undefined : TAKES[takes],
    due: dueAt,
    pass: `${passPercent} %`,
    tries,
    rubric: filled(
      rubric.map(({ title, says, levels }) =>
        said({ criterion: title, says, levels: levels.map((level) => said({ level: level.title, points: level.points, says: level.says })) }),
      ),
    ),
  })
