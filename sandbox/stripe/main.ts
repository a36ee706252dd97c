import { parseArgs } from 'node:util'
import { startStripeSandbox } from '../stripe.ts'

const HELP = `A stand-in for Stripe, for trying and testing a shop without an account. No money moves.

  node sandbox/stripe/main.ts [options]

  --port <number>       where it listens on 127.0.0.1 (4242)
  --webhook <url>       where events are sent; without it they are only listed
  --secret <whsec_…>    signs them (whsec_standin); give --webhook and --secret several times for several endpoints
  --events <types>      what endpoints are sent: types by comma, or * for all; without it, all but steps on the way
  --folder <path>       where it keeps everything (./stripe-stand-in)
  --public-url <url>    the origin a browser reaches it by, when that is another one
  --name <words>        who sells, on its pages (Test shop)
  --help                this

Point the official client at it:  new Stripe('sk_test_any', { host: '127.0.0.1', port, protocol: 'http' })
Its pages: http://127.0.0.1:<port>/sandbox/stripe`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4242' },
    webhook: { type: 'string', multiple: true, default: [] },
    secret: { type: 'string', multiple: true, default: [] },
    events: { type: 'string' },
    folder: { type: 'string', default: './stripe-stand-in' },
    'public-url': { type: 'string' },
    name: { type: 'string', default: 'Test shop' },
    help: { type: 'boolean', default: false },
  },
})

const run = async (): Promise<void> => {
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port ${values.port} is no port.`)
  const events = values.events === undefined || values.events === '*' ? values.events : values.events.split(',')
  // `*` is the one word among the types.
  const wanted = events === undefined ? {} : { events: events as '*' | string[] }
  const [first, ...more] = values.webhook.map((url, place) => ({ url, secret: values.secret[place] ?? 'whsec_standin', ...wanted }))
  const standIn = await startStripeSandbox({
    ...{ folder: values.folder, port, publicUrl: values['public-url'] ?? `http://127.0.0.1:${port}`, schoolName: values.name },
    ...{ webhookUrl: first?.url ?? '', webhookSecret: first?.secret ?? '', moreWebhooks: more, ...(wanted.events && { webhookEvents: wanted.events }) },
  })
  console.log(`API       ${standIn.apiUrl}/v1\nPages     ${standIn.url}\nWebhooks  ${values.webhook.join(', ') || 'none'}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close())
}

if (values.help) console.log(HELP)
else await run()
