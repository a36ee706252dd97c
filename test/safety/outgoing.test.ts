import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')

/** Whoever calls out, and who has said where to. An address that somebody types into the school goes by `vendors/links/`, which looks where it leads. */
const CALLERS: Record<string, string> = {
  'vendors/links/line.ts': 'the guard itself: public addresses only, and exactly the one that was checked',
  'vendors/links/guarded-fetch.ts': 'by the guard',
  'vendors/chatbot/capped-fetch.ts': 'CHATBOT_URL, which the operator sets; redirects are not followed and the answer is bounded',
  'vendors/transcription/post.ts': 'TRANSCRIPTION_URL, which the operator sets; redirects are not followed and the answer is bounded',
  'vendors/github/line.ts': 'GITHUB_API_URL, which the operator sets; the answer is bounded',
  'homes/machine/http.ts': 'stand-ins of this program on loopback',
  'homes/machine/demo/acts.ts': 'the school itself on loopback, while the demo is made',
  'homes/aws/moving.ts': 'the school’s own address, from the operator’s settings',
}

/** `fetch(`, and `request` or `connect` of Node’s own modules. */
const CALLS = /(?<![\w.])fetch\(|import \{[^}]*\b(?:request|get|connect)\b[^}]*\} from 'node:(?:https?|net|tls|http2)'/

test('only these places of the program call out by an address, and each is bounded by who has set it', async () => {
  const found: string[] = []
  for (const folder of ['contract', 'core', 'api', 'vendors', 'homes', 'tasks'])
    for await (const path of glob(`${folder}/**/*.ts`, { cwd: ROOT }))
      if (!/\.(test|fixture|laws)\.ts$/.test(path) && CALLS.test(await readFile(join(ROOT, path), 'utf8'))) found.push(path)
  assert.deepEqual(found.toSorted(), Object.keys(CALLERS).toSorted())
})
