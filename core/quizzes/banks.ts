import type { SentQuestion } from '#contract/questions.ts'
import { type Bank, type BankSummary, MOST_BANKS } from '#contract/quizzes.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { lessonRecords, publicationRecords, publishedLessonRecords } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { all, type Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { TABLE_LIMITS, type Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { bytesOf } from './paper.ts'
import { bankQuestionRecords, bankRecords, ownBankRecords, type StoredBank } from './records.ts'
import { sound } from './write.ts'

const MOST_BYTES = Math.floor(TABLE_LIMITS.itemBytes * 0.9)

const busy = (): Refusal => new Refusal('conflict', 'This bank was changed elsewhere in the meantime. Load it again.')

const summary = ({ id, title, count, updatedAt }: StoredBank): BankSummary => ({ id, title, questions: count, updatedAt })

const banksOf = async (tables: Tables, course: string): Promise<StoredBank[]> => {
  const { items } = await ownBankRecords.list(tables, `course#${course}`, { prefix: 'bank#', limit: MOST_BANKS })
  const banks = await Promise.all(items.map(({ bank }) => bankRecords.get(tables, { id: bank })))
  return banks.flatMap((bank) => (bank ? [bank.value] : []))
}

/** A bank of a course the actor may change. */
const ownBank = async (tables: Tables, actor: Actor, id: string): Promise<Stored<StoredBank>> => {
  const bank = await bankRecords.get(tables, { id })
  if (!bank) throw missing('bank')
  await ownCourse(tables, actor, bank.value.course, { to: 'edit', named: 'bank' })
  return bank
}

export const listBanks = async ({ tables }: World, actor: Actor, { course }: { course: string }): Promise<{ banks: BankSummary[] }> => {
  await ownCourse(tables, actor, course, { to: 'edit' })
  return { banks: (await banksOf(tables, course)).map(summary) }
}

export const addBank = async ({ tables, ids, clock }: World, actor: Actor, { course, title }: { course: string; title: string }): Promise<Bank> => {
  await ownCourse(tables, actor, course, { to: 'edit' })
  if ((await banksOf(tables, course)).length >= MOST_BANKS) throw new Refusal('too-many', `A course has at most ${MOST_BANKS} question banks.`)
  const bank: StoredBank = { id: ids.make('bnk'), course, title, count: 0, updatedAt: clock.now().toISOString() }
  const changes = [bankRecords.add(bank), ownBankRecords.add({ course, bank: bank.id }), bankQuestionRecords.add({ id: bank.id, questions: [] })]
  if ((await tables.commit(changes)) === 'conflict') throw busy()
  return { ...summary(bank), course, questions: [] }
}

export const readBank = async ({ tables }: World, actor: Actor, { bank: id }: { bank: string }): Promise<Bank> => {
  const bank = await ownBank(tables, actor, id)
  const questions = (await bankQuestionRecords.get(tables, { id }))?.value.questions ?? []
  return { ...summary(bank.value), course: bank.value.course, questions }
}

export const writeBank = async (
  world: World,
  actor: Actor,
  { bank: id, title, questions: sent }: { bank: string; title?: string | undefined; questions?: readonly SentQuestion[] | undefined },
): Promise<Bank> => {
  const { tables, clock } = world
  const bank = await ownBank(tables, actor, id)
  const questions = sent ? sound(world, sent) : ((await bankQuestionRecords.get(tables, { id }))?.value.questions ?? [])
  if (questions.some(({ pause }) => pause)) throw new Refusal('bad-input', 'A question of a bank belongs to no moment of a video.')
  if (bytesOf(questions) > MOST_BYTES) throw new Refusal('too-large', 'This bank is too large: make a second one.')
  const after = { ...bank.value, ...(title !== undefined && { title }), count: questions.length, updatedAt: clock.now().toISOString() }
  const written = sent ? [bankQuestionRecords.put({ id, questions })] : []
  if ((await tables.commit([bankRecords.replace(bank, after), ...written])) === 'conflict') throw busy()
  return { ...summary(after), course: after.course, questions }
}

/** Titles of quizzes that draw from a bank, in the draft or as learners have them. */
const drawing = async (tables: Tables, actor: Actor, { id, course }: StoredBank): Promise<string[]> => {
  const draft = (await ownCourse(tables, actor, course, { to: 'edit' })).value.sections.flatMap(({ lessons }) => lessons)
  const shown = (await publicationRecords.get(tables, { id: course }))?.value.sections.flatMap(({ lessons }) => lessons.map((lesson) => lesson.id)) ?? []
  const found = await Promise.all([
    ...draft.map((lesson) => lessonRecords.get(tables, { id: lesson })),
    ...shown.map((lesson) => publishedLessonRecords.get(tables, { id: lesson })),
  ])
  return found.flatMap((lesson) => (lesson?.value.quiz?.draws.some(({ bank }) => bank === id) ? [lesson.value.title] : []))
}

const removal = ({ id, course }: StoredBank) => [bankRecords.remove({ id }), bankQuestionRecords.remove({ id }), ownBankRecords.remove({ course, bank: id })]

export const removeBank = async ({ tables }: World, actor: Actor, { bank: id }: { bank: string }): Promise<Record<never, never>> => {
  const bank = await ownBank(tables, actor, id)
  const [title] = await drawing(tables, actor, bank.value)
  if (title !== undefined) throw new Refusal('conflict', `“${title}” draws from this bank: let it draw from another first, and publish.`, 'drawn-from')
  await tables.commit(removal(bank.value))
  return {}
}

/** What a course leaves behind when it is removed. */
export const bankHearings: readonly Hearing[] = [
  hearing('quizzes.remove-banks', 'course.removed', async ({ tables }, { course }) => {
    const own = await all((page) => ownBankRecords.list(tables, `course#${course}`, { prefix: 'bank#', ...(page !== undefined && { page }) }))
    for (const { bank } of own) await tables.commit(removal({ id: bank, course, title: '', count: 0, updatedAt: '' }))
  }),
]
