import { type Hearing, hearing } from '#core/events.ts'
import { receiptRecords, type StoredReceipt } from '#core/receipts/records.ts'
import type { Words } from './words/en.ts'
import type { Formats } from './words/formats.ts'
import { type Content, writeTo } from './write.ts'

type ReceiptWords = Words['shop']['receipt']

const rowsOf = ({ lines, coupon, tax, total, kind }: StoredReceipt, words: ReceiptWords, { money }: Formats): [string, string][] => [
  ...lines.map(({ title, quantity, amount }): [string, string] => [quantity === 1 ? title : `${title} × ${quantity}`, money(amount)]),
  ...(coupon ? [[words.coupon(coupon.code), `−${money(coupon.off)}`] satisfies [string, string]] : []),
  [words[kind].total, money(total)],
  ...(tax ? [[words.tax, money(tax)] satisfies [string, string]] : []),
]

const saysWhat = ({ kind, of, seller, issuedAt }: StoredReceipt, { receipt, credit }: ReceiptWords, { day }: Formats): string => {
  if (kind === 'receipt') return receipt.text(day(issuedAt))
  return `${of === undefined ? credit.text(seller.name) : credit.textOf(seller.name, of)} ${credit.banks}`
}

const saidOf = (receipt: StoredReceipt, words: ReceiptWords, formats: Formats): Omit<Content, 'action'> => {
  const { number, kind, seller, buyer } = receipt
  const about = [buyer.name, buyer.taxId && words.taxId(buyer.taxId), buyer.country].filter((part) => part !== undefined && part !== '')
  return {
    subject: words[kind].subject(number),
    paragraphs: [saysWhat(receipt, words, formats), ...(about.length > 0 ? [words.about(about.join(', '))] : [])],
    rows: rowsOf(receipt, words, formats),
    signature: [seller.name, ...seller.lines].join(', '),
  }
}

/** To the address that ordered: papers are owed also to somebody whose account is closed. */
const issued = hearing('notices.receipt', 'receipt.issued', async (world, { receipt: id }, { id: happening }) => {
  const receipt = (await receiptRecords.get(world.tables, { id }))?.value
  if (!receipt) return
  await writeTo(world, {
    id: happening,
    kind: 'order',
    to: receipt.buyer.email,
    reader: receipt.learner,
    content: ({ shop: { receipt: words } }, formats) => ({
      ...saidOf(receipt, words, formats),
      action: { label: words[receipt.kind].action, url: `${world.settings.url}/receipts/${id}` },
    }),
  })
})

export const receiptLetters: readonly Hearing[] = [issued]
