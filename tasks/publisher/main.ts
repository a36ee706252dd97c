import { openRoom } from '../room.ts'

const room = await openRoom(process.env)
await room.close()
throw new Error('There is nobody yet who proposes.')
