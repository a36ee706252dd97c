import { Agent as PlainAgent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'

/** Connections that are given up when they are not made, TLS and all, within `connectMs`; Node has no such setting. */
export const patientAgent = (isSecure: boolean, { connectMs, atOnce }: { connectMs: number; atOnce: number }): PlainAgent => {
  const made = new (isSecure ? SecureAgent : PlainAgent)({ keepAlive: true, maxSockets: atOnce })
  const connect = made.createConnection.bind(made)
  made.createConnection = (options, done) => {
    const socket = connect(options, done)
    if (!socket) return socket
    const timer = setTimeout(() => socket.destroy(new Error(`No connection within ${connectMs} ms.`)), connectMs)
    for (const end of [isSecure ? 'secureConnect' : 'connect', 'close']) socket.once(end, () => clearTimeout(timer))
    return socket
  }
  return made
}
