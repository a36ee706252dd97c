import { writeDraft } from '#core/series/writer/writer.ts'
import { fileLog } from '#homes/machine/log.ts'
import { chatbot } from '#vendors/chatbot/chatbot.ts'
import { openRoom } from '../room.ts'

const room = await openRoom(process.env)
try {
  const { chatbot: whom } = room.settings
  await writeDraft({ ...room, author: whom && { chatbot: chatbot(whom), prices: whom, model: whom.model }, log: fileLog(undefined) }, room.run)
} finally {
  await room.close()
}
