import { parseArgs } from 'node:util'
import { startChatbotSandbox } from '../chatbot.ts'

const HELP = `A stand-in for a chatbot with an OpenAI-compatible API, for trying and testing without an account.

  node sandbox/chatbot/main.ts [options]

  --port <number>       where it listens on 127.0.0.1 (4243)
  --folder <path>       where it keeps its switches and what was asked (./chatbot-stand-in)
  --help                this

Point a client at it:  baseURL http://127.0.0.1:<port>/v1, any key, the model stand-in
Its pages: http://127.0.0.1:<port>/sandbox/chatbot`

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4243' }, folder: { type: 'string', default: './chatbot-stand-in' }, help: { type: 'boolean', default: false } },
})

const run = async (): Promise<void> => {
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port ${values.port} is no port.`)
  const standIn = await startChatbotSandbox({ folder: values.folder, port, publicUrl: `http://127.0.0.1:${port}` })
  console.log(`API       ${standIn.apiUrl}\nPages     ${standIn.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close())
}

if (values.help) console.log(HELP)
else await run()
