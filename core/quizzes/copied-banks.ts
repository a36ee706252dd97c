import { MOST_BANKS } from '#contract/quizzes.ts'
import type { World } from '#ports/world.ts'
import { bankQuestionRecords, bankRecords, ownBankRecords } from './records.ts'

/** Question banks of one course anew for another. Answers the new id of each by its old one. */
export const copiedBanks = async ({ tables, ids, clock }: World, from: string, to: string): Promise<Map<string, string>> => {
  const { items } = await ownBankRecords.list(tables, `course#${from}`, { prefix: 'bank#', limit: MOST_BANKS })
  const names = new Map<string, string>()
  for (const { bank } of items) {
    const [found, asked] = await Promise.all([bankRecords.get(tables, { id: bank }), bankQuestionRecords.get(tables, { id: bank })])
    if (!found || !asked) continue
    const id = ids.make('bnk')
    names.set(bank, id)
    await tables.commit([
      bankRecords.add({ ...found.value, id, course: to, updatedAt: clock.now().toISOString() }),
      ownBankRecords.add({ course: to, bank: id }),
      bankQuestionRecords.add({ ...asked.value, id }),
    ])
  }
  return names
}
