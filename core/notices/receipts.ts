import { inWords } from '#contract/currency.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { receiptRecords, type StoredReceipt } from '#core/receipts/records.ts'
import { writeTo } from './write.ts'

const rowsOf = ({ lines, coupon, tax, total, kind }: StoredReceipt): [string, string][] => [
  ...lines.map(({ title, quantity, amount }): [string, string] => [quantity === 1 ? title : `${title} × ${quantity}`, inWords(amount)]),
  ...(coupon ? [[`Coupon ${coupon.code}`, `−${inWords(coupon.off)}`] satisfies [string, string]] : []),
  [kind === 'credit' ? 'Given back' : 'Total', inWords(total)],
  ...(tax ? [['of which tax', inWords(tax)] satisfies [string, string]] : []),
]

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** To the address that ordered: papers are owed also to somebody whose account is closed. */
const issued = hearing('notices.receipt', 'receipt.issued', async (world, { receipt: id }, { id: happening }) => {
  const receipt = (await receiptRecords.get(world.tables, { id }))?.value
  if (!receipt) return
  const { number, kind, issuedAt, seller, buyer, of } = receipt
  const day = DAY.format(new Date(issuedAt))
  const about = [buyer.name, buyer.taxId && `tax number ${buyer.taxId}`, buyer.country].filter((part) => part !== undefined && part !== '')
  const content = {
    subject: kind === 'credit' ? `Your credit note ${number}` : `Your receipt ${number}`,
    paragraphs: [
      kind === 'credit'
        ? `${seller.name} has given money back to you${of === undefined ? '' : ` (receipt ${of})`}. Banks may take some days until it is in your account.`
        : `Thank you. This is your receipt of ${day}.`,
      ...(about.length > 0 ? [`For ${about.join(', ')}`] : []),
    ],
    rows: rowsOf(receipt),
    signature: [seller.name, ...seller.lines].join(', '),
    action: { label: kind === 'credit' ? 'Open the credit note' : 'Open the receipt', url: `${world.settings.url}/receipts/${id}` },
  }
  await writeTo(world, { id: happening, kind: 'order', to: buyer.email, content })
})

export const receiptLetters: readonly Hearing[] = [issued]
