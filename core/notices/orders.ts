import { type Hearing, hearing } from '#core/events.ts'
import { orderRecords } from '#core/payments/records.ts'
import { write } from './write.ts'

const openedLate = hearing('notices.order-opened-late', 'order.opened-late', async (world, { order: id }, { id: happening }) => {
  const order = (await orderRecords.get(world.tables, { id }))?.value
  // Whoever has come back by themselves meanwhile has no use for it.
  if (order?.state !== 'open') return
  await write(world, {
    id: happening,
    kind: 'order',
    person: order.learner,
    content: ({ shop: { order: words } }) => ({
      subject: words.subject(order.title),
      paragraphs: [words.text(order.title), words.uncharged],
      action: { label: words.action, url: `${world.settings.url}/orders/${id}` },
    }),
  })
})

/** Letters about orders. */
export const orderLetters: readonly Hearing[] = [openedLate]
