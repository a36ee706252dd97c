import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openSchoolFile } from '#homes/machine/school-file.ts'
import { someone } from '#test/journeys/people.ts'

const LECTERN = join(import.meta.dirname, '..', 'lectern.ts')
const url = 'http://localhost:4698'

const say = (data: string, ...words: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LECTERN_DATA: data, LECTERN_URL: url }
    const child = execFile(process.execPath, [LECTERN, 'content', ...words], { env }, (_error, output, complaints) =>
      resolve({ code: child.exitCode ?? -1, output: output + complaints }),
    )
  })

const writeAll = async (folder: string, files: Record<string, string>): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const readAll = async (folder: string): Promise<Record<string, string>> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(await Promise.all(paths.toSorted().map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')])))
}

test('an operator looks at a folder, brings it in, takes it out again, and is told what is unsound', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lectern-content-'))
  const [data, mine, theirs] = [join(scratch, 'data'), join(scratch, 'mine'), join(scratch, 'theirs')]
  try {
    await mkdir(data)
    await writeAll(mine, {
      'light/course.md': '---\ntitle: Light\nteacher: lena@lectern.test\n---\n\nAll about it.\n',
      'light/01-first-light/01-why.md': '---\ntitle: Why\n---\n\nSo.\n',
      'README.md': 'Ours.',
    })
    const none = await say(data, 'import', mine)
    assert.deepEqual([none.code, none.output.includes('There is no school in')], [1, true])
    await openSchoolFile(join(data, 'school.sqlite')).close()
    await someone({ data, url }, 'Lena', 'instructor')

    const looked = await say(data, 'import', mine, '--dry-run')
    assert.equal(looked.code, 0, looked.output)
    assert.match(looked.output, /light: is new, and is published\n.*new\s+light\/01-first-light\/01-why\.md\n.*only a look/)

    assert.match((await say(data, 'import', mine)).output, /light: is new.*\n[\s\S]*✓ Done/, 'looking has written nothing')
    assert.match((await say(data, 'import', mine)).output, /light: as it is in the school/)
    const taken = await say(data, 'export', '--to', theirs)
    assert.deepEqual([taken.code, taken.output.includes(`2 files of 1 course in ${theirs}.`)], [0, true], taken.output)
    const files = await readAll(theirs)
    assert.deepEqual(Object.keys(files), ['light/01-first-light/01-why.md', 'light/course.md'])
    assert.match(
      files['light/course.md'] ?? '',
      /^---\ntitle: Light\nid: crs_\w+\nteacher: lena@lectern\.test\nsections:\n {2}- folder: 01-first-light\n[\s\S]*---\n\nAll about it\.\n$/,
    )

    await writeAll(theirs, { 'light/01-first-light/02-more.md': '---\ntitle: More\nminutes: soon\n---\n' })
    const wrong = await say(data, 'import', theirs)
    assert.deepEqual([wrong.code, wrong.output.includes('light/01-first-light/02-more.md:3  minutes: has to be')], [1, true], wrong.output)
    const stray = await say(data, 'export', 'light', '--to', theirs)
    assert.deepEqual([stray.code, stray.output.includes('02-more.md')], [1, true])
    assert.deepEqual([(await say(data, 'import')).code, (await say(data, 'import', join(scratch, 'nowhere'))).code], [2, 1])
  } finally {
    await rm(scratch, { recursive: true })
  }
})

test('an export never writes over what somebody has changed, unless told to, and never removes what somebody wrote', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lectern-content-'))
  const [data, mine, theirs] = [join(scratch, 'data'), join(scratch, 'mine'), join(scratch, 'theirs')]
  const [why, more, own] = ['light/01-first-light/01-why.md', 'light/01-first-light/02-more.md', 'light/01-first-light/03-own.md']
  try {
    await mkdir(data)
    await openSchoolFile(join(data, 'school.sqlite')).close()
    await someone({ data, url }, 'Lena', 'instructor')
    await writeAll(mine, { 'light/course.md': '---\ntitle: Light\nteacher: lena@lectern.test\n---\n', [why]: '---\ntitle: Why\n---\n\nSo.\n' })
    assert.equal((await say(data, 'import', mine)).code, 0)
    assert.equal((await say(data, 'export', '--to', theirs)).code, 0)
    const files = await readAll(theirs)
    assert.equal((await say(data, 'export', '--to', theirs)).code, 0, 'again, over the very same')

    const edited = { ...files, [why]: `${files[why]}\nAnd an evening’s work.\n` }
    await writeAll(theirs, edited)
    const refused = await say(data, 'export', '--to', theirs)
    assert.deepEqual([refused.code, refused.output.includes(why), refused.output.includes('--replace')], [1, true, true], refused.output)
    assert.deepEqual(await readAll(theirs), edited, 'nothing was written')

    const written = { [own]: '---\ntitle: Own\n---\n\nid: les_in_the_text\n', 'light/notes.txt': 'Mine.' }
    await writeAll(theirs, { ...written, [more]: '---\ntitle: More\nid: les_gone\n---\n' })
    const replaced = await say(data, 'export', '--to', theirs, '--replace')
    assert.deepEqual([replaced.code, replaced.output.includes('1 replaced, 1 removed.'), replaced.output.includes(own)], [0, true, true], replaced.output)
    assert.deepEqual(await readAll(theirs), { ...files, ...written })
  } finally {
    await rm(scratch, { recursive: true })
  }
})
