import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import * as z from 'zod'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, '.github', 'workflows')
const texts = Object.fromEntries(await Promise.all((await readdir(FOLDER)).map(async (name) => [name, await readFile(join(FOLDER, name), 'utf8')] as const)))

const Statement = z.object({ Sid: z.string(), Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() })
const Role = z.object({
  Resources: z.object({
    Role: z.object({
      Properties: z.object({
        AssumeRolePolicyDocument: z.object({ Statement: z.tuple([z.object({ Condition: z.object({ StringEquals: z.record(z.string(), z.unknown()) }) })]) }),
        Policies: z.tuple([z.object({ PolicyDocument: z.object({ Statement: z.array(Statement) }) })]),
      }),
    }),
  }),
})

test('every action of somebody else’s is named by its commit, with the version it is beside it', () => {
  const used = Object.values(texts).flatMap((text) => [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, name = '']) => name))
  assert.ok(used.length >= 9)
  for (const name of used) assert.match(name, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})

test('whoever proposes a change has their tests run with leave to read and nothing else', () => {
  const text = texts['test.yml'] ?? ''
  assert.match(text, /^permissions:\n {2}contents: read$/m)
  assert.doesNotMatch(text, /id-token|secrets\.|pull_request_target|write/)
})

test('troubles that root alone can make are tried as root, where a test that is skipped has failed', () => {
  assert.match(texts['test.yml'] ?? '', /\n {6}- run: sudo .*npm run faults'?\n {8}env:\n {10}LECTERN_TEST_ALL: '1'\n/)
})

test('production follows staging, waits for its environment, and no key of an account is kept anywhere', () => {
  assert.match(texts['deploy.yml'] ?? '', /production:\n {4}needs: staging/)
  assert.match(texts['deploy-stage.yml'] ?? '', /environment: \$\{\{ inputs\.stage \}\}/)
  for (const text of Object.values(texts)) assert.doesNotMatch(text, /aws-access-key-id|aws-secret-access-key|secrets\./)
})

test('nothing that somebody can type into a form is put into a script as it is', () => {
  for (const text of Object.values(texts)) {
    // What stands after `run:` reaches from there to the next step.
    const scripts = [...text.matchAll(/run: \|?([\s\S]*?)(?=\n {6}- |\n {2}\w|$)/g)].map(([, script = '']) => script)
    for (const script of scripts) assert.doesNotMatch(script, /\$\{\{/)
  }
})

test('the images of both programs are built from one Dockerfile on one image of Node, and named and deployed by digest', async () => {
  const text = texts['deploy-stage.yml'] ?? ''
  assert.match(text, /for image in writer publisher; do/)
  assert.match(text, /--file tasks\/Dockerfile --build-arg "PROGRAM=\$image" --build-arg "NODE_IMAGE=\$node"/)
  assert.match(text, /node="\$node@\$\(docker buildx imagetools inspect "\$node" --format '\{\{\.Manifest\.Digest\}\}'\)"/)
  assert.match(text, /-c \$\{image\}Image=\$name@\$digest/)
  // One line of it, as the script above reads it.
  assert.match(await readFile(join(ROOT, 'tasks', 'Dockerfile'), 'utf8'), /^ARG NODE_IMAGE=node:\S+$/m)
})

test('the role is for one environment of one repository, and no statement is for everything', async () => {
  const { Role: role } = Role.parse(JSON.parse(await readFile(join(ROOT, 'amplify', 'github', 'role.json'), 'utf8'))).Resources
  const [{ Condition }] = role.Properties.AssumeRolePolicyDocument.Statement
  assert.match(JSON.stringify(Condition.StringEquals), /repo:\$\{Repository\}:environment:\$\{Stage\}/)
  const [{ PolicyDocument }] = role.Properties.Policies
  for (const { Sid, Action, Resource } of PolicyDocument.Statement) {
    assert.ok(
      [Action].flat().every((action) => !action.includes('*')),
      Sid,
    )
    // Signing in to the image registry knows no resource.
    if (Sid !== 'SignsInToImages') assert.notEqual(Resource, '*', Sid)
  }
})
