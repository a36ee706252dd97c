import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCourse } from './course.ts'
import type { Finding } from './documents.ts'
import { readLesson } from './lesson.ts'

const findingsOf = (file: string): Finding[] => {
  const reading = readLesson(file)
  return 'findings' in reading ? reading.findings : []
}
const headed = (...lines: string[]): string => `---\n${lines.join('\n')}\n---\n`
const told = (...lines: string[]): string[] => findingsOf(headed(...lines)).map(({ line, says }) => `${line}: ${says}`)

test('whoever mistypes a key is told its line and the key they mean', () => {
  assert.deepEqual(told('titel: Light'), ['1: title: is missing.', '2: “titel” is nothing we know. Is “title” meant?'])
  assert.deepEqual(told('title: Light', '', '# of ours', 'objectve:', '  - See'), ['5: “objectve” is nothing we know. Is “objectives” meant?'])
  assert.deepEqual(told('title: Light', 'readingMinutes: 4'), ['3: “readingMinutes” is nothing we know. Is “minutes” meant?'])
  assert.match(told('title: Light', 'publisher: me').join(), /^3: “publisher” is nothing we know\. There are: title, id, kind, /)
})

test('whoever writes a question wrongly is told which option of which question, and the line', () => {
  const question = (...options: string[]) =>
    told('title: Light', 'questions:', '  - ask: Which?', '    options:', ...options.map((option) => `      - ${option}`))
  assert.deepEqual(question('right: A', 'wrong: B'), [])
  assert.deepEqual(question('right: A', 'text: B'), [
    '7: questions 1, options 2: “text” is nothing we know. There are: right, wrong.',
    '7: questions 1, options 2: has to be “right: …” or “wrong: …”.',
  ])
  assert.deepEqual(question('wrong: A', 'wrong: B'), ['4: questions 1: no option is right; where that is meant, say “kind: multiple”.'])
  assert.deepEqual(question('right: A'), ['5: questions 1, options: has to have at least 2.'])
  const both = told('title: Light', 'questions:', '  - ask: Which?', '    kind: single', '    options:', '      - right: A', '      - right: B')
  assert.deepEqual(both, ['4: questions 1: a question of kind single has exactly one right option.'])
})

test('what people get wrong about YAML is said in words that help, at its line', () => {
  assert.deepEqual(told('title: Light: an introduction'), ['2: A text with a colon and a space in it has to stand in quotes.'])
  assert.deepEqual(told('title: Light', 'sources:', '\t- title: x'), ['4: Indent with spaces: YAML takes no tabs.'])
  assert.deepEqual(told('title: @light'), ['2: A text that begins with this sign has to stand in quotes.'])
  assert.deepEqual(told('title: Light', 'title: Shadow'), ['3: “title” is there twice.'])
  assert.deepEqual(told('title: Light', 'minutes: soon'), ['3: minutes: has to be a whole number from 1 to 240.'])
  assert.deepEqual(findingsOf('# Light\n'), [{ line: 1, says: 'A file begins with its head: a line ---, what is said of it, and another line ---.' }])
  assert.deepEqual(findingsOf('---\ntitle: Light\n'), [{ line: 1, says: 'A file begins with its head: a line ---, what is said of it, and another line ---.' }])
})

test('a price that is no amount, or has more digits than its currency, is refused', () => {
  const price = (text: string): unknown => {
    const reading = readCourse(headed('title: Light', `price: ${text}`))
    return 'document' in reading
      ? [reading.document.price?.amountMinor, reading.document.otherPrices.map(({ amountMinor }) => amountMinor)]
      : reading.findings[0]?.line
  }
  assert.deepEqual(price('49 EUR'), [4900, []])
  assert.deepEqual(price('0.07 EUR'), [7, []])
  assert.deepEqual(price('[49.50 EUR, 7500 JPY, 15.125 KWD]'), [4950, [7500, 15_125]])
  assert.deepEqual(price('[free, 59 USD]'), [undefined, [5900]])
  assert.deepEqual(price('free'), [undefined, []])
  for (const wrong of ['49', 'EUR 49', '49,00 EUR', '49.001 EUR', '7500.5 JPY', '-1 EUR', '1e3 EUR', '1000000.01 EUR', '[49 EUR, free]', '[]', '49 eur', '""'])
    assert.equal(price(wrong), 3, wrong)
})

test('YAML that grows, calls or hides something is refused', () => {
  const laughs = ['a: &a [lol, lol]', ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}x]`)]
  assert.match(told('title: Light', ...laughs).join('\n'), /An anchor \(&\) is not read/)
  assert.match(told('title: *x').join(), /2: An alias \(\*\) is not read/)
  assert.match(told('title: !!js/function x').join(), /2: A tag \(!\) is not read/)
  assert.match(told('title: !!binary aGk=').join(), /2: A tag/)
  assert.match(told('title: Light', '<<: {preview: true}').join(), /3: “<<” is nothing we know/)
  assert.match(told('title: Light', '__proto__: {preview: true}').join(), /3: This is no key/)
  assert.match(told('title: Light', 'constructor: x').join(), /3: “constructor” is nothing we know/)
  assert.match(told('title: Light', '? [a, b]', ': c').join(), /3: This is no key/)
  assert.match(told('title: "\\uD800"').join(), /2: There is half of a character/)
  assert.equal(Reflect.get({}, 'preview'), undefined)
})

test('a file that is huge, deep or no text is refused, and soon', () => {
  const before = process.cpuUsage()
  assert.match(findingsOf(`${headed('title: Light')}${'x'.repeat(400_000)}`)[0]?.says ?? '', /larger than 380 KB/)
  assert.match(findingsOf(`${headed('title: Light')}${'語'.repeat(130_000)}`)[0]?.says ?? '', /larger than 380 KB/)
  assert.equal(findingsOf(`${headed('title: Light')}a\0b`)[0]?.line, 4)
  assert.equal(findingsOf(headed('title: "a\0"'))[0]?.line, 2)
  assert.match(findingsOf(headed('title: a\uD800'))[0]?.says ?? '', /UTF-8/)
  assert.match(told('title: Light', `sources: ${'['.repeat(2000)}${']'.repeat(2000)}`).join(), /nested too deeply/)
  assert.ok(findingsOf(headed(`title: ${'['.repeat(90_000)}`)).length > 0)
  assert.ok(findingsOf(headed(...Array.from({ length: 20_000 }, (_, index) => `k${index}: x`))).length <= 21)
  // Of the processor's own time: on a busy machine the clock goes on while nothing is done.
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 20_000_000, 'it takes no minutes')
})

test('a finding repeats little of what it found, in one line', () => {
  const [finding] = findingsOf(headed('title: Light', `"a\\n${'x'.repeat(5000)}\\u202E": 1`))
  assert.ok((finding?.says.length ?? 0) < 300)
  assert.doesNotMatch(finding?.says ?? '', /[\n\u202E]/u)
})
