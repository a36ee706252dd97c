import type { StoredLesson } from '#core/courses/records.ts'
import type { World } from '#ports/world.ts'
import { type Brief, readBrief, readDraft } from './papers.ts'
import { lessonsBy, type placeOf, runsOf } from './place.ts'
import { fingerprint } from './publisher/similarity.ts'
import type { StoredRun, StoredSeries } from './records.ts'
import type { Spent } from './spend.ts'

type Place = NonNullable<Awaited<ReturnType<typeof placeOf>>>
type Earlier = Brief['earlier'][number]

const SUMMARY = 400

/** What a text begins with, without Markdown's signs: up to the end of its first sentence. */
export const firstSentence = (text: string): string => {
  const line = text.split('\n').find((each) => /^[^#>`|\-*\s!]/u.test(each)) ?? ''
  const sentence = /^.*?[.!?。！？](?=\s|$)/u.exec(line)?.[0] ?? line
  return sentence.slice(0, SUMMARY).trim()
}

const earlierLesson = ({ title, about, text }: Pick<StoredLesson, 'title' | 'about' | 'text'>): Earlier => ({
  ...{ title, summary: about.summary ?? firstSentence(text), fingerprint: fingerprint(text) },
})

/** Drafts of the series that are on their way, and no lessons yet. */
const onTheirWay = async (world: World, run: StoredRun): Promise<Earlier[]> => {
  const runs = (await runsOf(world.tables, run.series)).filter(
    ({ id, draft, state }) => id !== run.id && draft && ['proposing', 'waiting', 'proposed'].includes(state),
  )
  const drafts = await Promise.all(runs.map(({ id }) => readDraft(world, id)))
  return drafts.flatMap((draft) => (draft ? [earlierLesson(draft)] : []))
}

const earlierOf = async (world: World, run: StoredRun, { course }: Place): Promise<Earlier[]> => {
  const ids = course.sections.flatMap(({ lessons }) => lessons).filter((id) => id !== run.lesson.id)
  const lessons = await lessonsBy(world.tables, ids)
  return [...lessons.map(earlierLesson), ...(await onTheirWay(world, run))]
}

/** What the programs are told: of the series as it is now, or as it was told before where a draft is proposed or a run is tried again by itself. */
export const briefFor = async (
  world: World,
  { run, series, place, limits }: { run: StoredRun; series: StoredSeries; place: Place; limits: Spent },
): Promise<Brief> => {
  const { settings, repository } = world
  const { title, audience, tone, language, examples, sources, minutes, questions, licence, outline } = series.brief
  const told = run.failures > 0 || run.draft ? await readBrief(world, run.id) : undefined
  const asked = told ?? {
    series: { id: series.id, title, audience, tone, language },
    brief: { examples, sources, minutes, questions, licence, outline },
    course: { id: place.course.id, slug: place.course.slug, title: place.course.title, summary: place.course.summary },
    section: { id: place.section.id, title: place.section.title },
  }
  return {
    ...{ run: run.id, attempt: run.attempt, isTrial: run.kind === 'trial', point: run.point, lesson: { id: run.lesson.id, path: run.lesson.path } },
    ...{ series: asked.series, brief: asked.brief, course: asked.course, section: asked.section, limits },
    earlier: await earlierOf(world, run, place),
    proposals: { branch: repository?.branch ?? '', aDay: settings.content.proposalsADay, folder: repository?.folder ?? '' },
    previewUrl: `${settings.url}/teach/runs/${run.id}`,
  }
}
