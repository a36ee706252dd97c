import { openRoom } from '../room.ts'

const room = await openRoom(process.env)
await room.close()
throw new Error('Nobody has been taught to write yet.')
