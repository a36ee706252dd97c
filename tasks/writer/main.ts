import { writeDraft } from '#core/series/writer/writer.ts'
import { fileLog } from '#homes/machine/log.ts'
import { chatbot } from '#vendors/chatbot/chatbot.ts'
import { openRoom } from '../room.ts'

const room = await openRoom(process.env)
try {
  const { chatbot: whom, chatbotSeconds } = room.settings
  const author = whom && { chatbot: chatbot({ ...whom, limits: { tryMs: chatbotSeconds * 1000 } }), prices: whom, model: whom.model }
  await writeDraft({ ...room, author, log: fileLog(undefined) }, room.run)
} finally {
  await room.close()
}
