import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSigningKey } from '#core/delivery/rotation.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { PROXY_HEADER } from '#homes/proxy-door.ts'
import { bundleProgram, PROGRAMS } from '#tasks/bundle.ts'
import { type Assembly, readAssembly } from './assembly.ts'

const AMPLIFY = join(import.meta.dirname, '..', '..', '..', 'amplify')

export const SCHOOL = 'https://school.example'
export const MEDIA = 'https://media.school.example'

/** What Cloudflare shows on behalf of everybody who comes to the school's host; the template has its digest. */
const PROXY_SECRET = 'forty-letters-that-only-the-proxy-knows!'
export const BY_PROXY = { [PROXY_HEADER]: PROXY_SECRET }

export type Rehearsed = {
  assembly: Assembly
  /** What the secret `signing` holds: the private halves of the keys in the templates. */
  signingSecret: string
  /** The file that each image holds, by the image's whole name, as the templates have it. */
  images: Record<string, string>
  close(): Promise<void>
}

/** Whom the school asks for lessons, and where it proposes them. */
export const MODELS = 'models.example'
export const REPOSITORY = 'school/courses'

/** The programs' images, as far as they are run here: each the one file the Dockerfile copies, named by what is in it. */
const builtInto = async (folder: string): Promise<{ name: string; image: string; file: string }[]> =>
  Promise.all(
    PROGRAMS.map(async (name) => {
      const { file } = await bundleProgram(name, folder)
      return {
        name,
        file,
        image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/lectern-${name}@sha256:${createHash('sha256')
          .update(await readFile(file))
          .digest('hex')}`,
      }
    }),
  )

/**
 * The staging templates as `npm run aws:synth` makes them, for a domain of their own and with keys whose private halves are known:
 * those of a synthesis without any open nothing. `CDK_VALIDATION` is the other command's.
 */
export const synthesised = async (): Promise<Rehearsed> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-rehearsal-'))
  const built = await builtInto(join(folder, 'images'))
  const making = { ids: randomIds(systemClock), clock: systemClock }
  const keys = [newSigningKey(making), newSigningKey(making)]
  const { context } = JSON.parse(await readFile(join(AMPLIFY, 'cdk.json'), 'utf8'))
  const wanted = {
    ...context,
    ...{ stage: 'staging', 'amplify-backend-name': 'staging', domain: new URL(SCHOOL).host, owner: 'owner@school.example', LECTERN_CURRENCY: 'EUR' },
    certificate: 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000',
    proxyDigest: createHash('sha256').update(PROXY_SECRET).digest('hex'),
    ...Object.fromEntries(built.map(({ name, image }) => [`${name}Image`, image])),
    ...{ CHATBOT_URL: `https://${MODELS}/v1`, CHATBOT_MODEL: 'stand-in', CHATBOT_INPUT_PRICE: '0.15', CHATBOT_OUTPUT_PRICE: '0.6' },
    // A rehearsal has more mornings than a day.
    ...{ GITHUB_REPOSITORY: REPOSITORY, CONTENT_PROPOSALS_A_DAY: '100' },
    signingKeys: JSON.stringify(Object.fromEntries(keys.map(({ id, publicKey }) => [id, publicKey]))),
  }
  const env = { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(wanted), CDK_VALIDATION: 'false' }
  const child = spawn(process.execPath, ['backend.ts'], { cwd: AMPLIFY, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  const code = await new Promise((ended) => child.on('close', ended))
  if (code !== 0) throw new Error(`The templates could not be made:\n${said}`)
  return {
    assembly: await readAssembly(folder),
    signingSecret: JSON.stringify({ signingKeys: keys.map(({ privateKey, ...key }) => ({ ...key, privateKey: privateKey.reveal() })) }),
    images: Object.fromEntries(built.map(({ image, file }) => [image, file])),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
