import { parseArgs } from 'node:util'
import { startGithubSandbox } from '../github.ts'

const HELP = `A stand-in for GitHub over one real git repository, for trying and testing without an account.

  node sandbox/github/main.ts [options]

  --port <number>        where it listens on 127.0.0.1 (4243)
  --repository <name>    owner/name (owner/courses)
  --branch <name>        the main one (main)
  --webhook <url>        where events are sent; without it they are only listed
  --secret <words>       signs them (stand-in)
  --token <words>        what programs prove themselves by; made when left out
  --folder <path>        where it keeps everything (./github-stand-in)
  --public-url <url>     the origin a browser reaches it by, when that is another one
  --help                 this

Point octokit at it:  new Octokit({ baseUrl: 'http://127.0.0.1:<port>', auth: '<token>' })
Its pages: http://127.0.0.1:<port>/sandbox/github`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4243' },
    repository: { type: 'string', default: 'owner/courses' },
    branch: { type: 'string', default: 'main' },
    webhook: { type: 'string', default: '' },
    secret: { type: 'string', default: 'stand-in' },
    token: { type: 'string' },
    folder: { type: 'string', default: './github-stand-in' },
    'public-url': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const run = async (): Promise<void> => {
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port ${values.port} is no port.`)
  if (!/^[\w.-]+\/[\w.-]+$/.test(values.repository)) throw new RangeError(`--repository ${values.repository} is not owner/name.`)
  const standIn = await startGithubSandbox({
    ...{ folder: values.folder, port, repository: values.repository, branch: values.branch, publicUrl: values['public-url'] ?? `http://127.0.0.1:${port}` },
    ...{ webhookUrl: values.webhook, webhookSecret: values.secret, ...(values.token !== undefined && { token: values.token }) },
  })
  const { apiUrl, url, token, repositoryFolder } = standIn
  console.log(`API       ${apiUrl}\nToken     ${token}\nPages     ${url}\nClone     git clone ${repositoryFolder}\nWebhooks  ${values.webhook || 'none'}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close())
}

if (values.help) console.log(HELP)
else await run()
