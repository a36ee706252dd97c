import { useQuery } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'

export const useReceipts = () => useQuery({ queryKey: ['receipts', 'mine'], queryFn: () => client.receipts.mine({}), staleTime: 0 })

const SOON_MS = 2_000
const MOST_ASKED = 10

/** Those of one order. A receipt is written just after the payment: while one is awaited and there is none yet, it is looked for a little while. */
export const useReceiptsOf = (order: () => string, isAwaited: () => boolean) =>
  useQuery({
    queryKey: ['receipts', 'mine'],
    queryFn: () => client.receipts.mine({}),
    staleTime: 0,
    select: ({ receipts }) => receipts.filter((each) => each.order === order()),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      !isAwaited() || data?.receipts.some((each) => each.order === order()) || dataUpdateCount > MOST_ASKED ? false : SOON_MS,
  })

export const useReceipt = (id: () => string) => useQuery({ queryKey: ['receipts', 'receipt', id], queryFn: () => client.receipts.receipt({ receipt: id() }) })
