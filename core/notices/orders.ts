import { type Hearing, hearing } from '#core/events.ts'
import { orderRecords } from '#core/payments/records.ts'
import { write } from './write.ts'

const openedLate = hearing('notices.order-opened-late', 'order.opened-late', async (world, { order: id }, { id: happening }) => {
  const order = (await orderRecords.get(world.tables, { id }))?.value
  // Whoever has come back by themselves meanwhile has no use for it.
  if (order?.state !== 'open') return
  const content = {
    subject: `You can go on with your order: ${order.title}`,
    paragraphs: [
      `When you ordered “${order.title}”, the payment page could not be opened. It is there now, at the price you were shown.`,
      'You have not been charged. The page stays open for a day; if you have changed your mind, there is nothing you have to do.',
    ],
    action: { label: 'Go on with your order', url: `${world.settings.url}/orders/${id}` },
  }
  await write(world, { id: happening, kind: 'order', person: order.learner, content })
})

/** Letters about orders. */
export const orderLetters: readonly Hearing[] = [openedLate]
