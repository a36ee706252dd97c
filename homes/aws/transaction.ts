import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type DynamoDBClient, TransactionCanceledException, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'

/** Reasons of a cancelled transaction that pass by themselves: others wrote the same items, or there was too much at once. */
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])
const MOST_TRIES = 8
const FIRST_PAUSE_MS = 20

const outcomeOf = (error: TransactionCanceledException): 'conflict' | 'again' | 'broken' => {
  const codes = (error.CancellationReasons ?? []).flatMap(({ Code }) => (Code === undefined || Code === 'None' ? [] : [Code]))
  if (codes.includes('ConditionalCheckFailed')) return 'conflict'
  return codes.length > 0 && codes.every((code) => PASSING.has(code)) ? 'again' : 'broken'
}

/**
 * Writes all or nothing. The SDK's own retries carry the same token, so what was written and not answered is not written twice;
 * what was cancelled was not written, and is a new transaction.
 */
export const transact = async (client: DynamoDBClient, items: TransactWriteItem[], random: () => number = Math.random): Promise<'done' | 'conflict'> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: randomUUID() }))
      return 'done'
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error
      const outcome = outcomeOf(error)
      if (outcome === 'conflict') return 'conflict'
      if (outcome === 'broken' || tries === MOST_TRIES) throw error
      await pause(FIRST_PAUSE_MS * 2 ** (tries - 1) * random())
    }
  }
}
