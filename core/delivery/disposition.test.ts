import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attachment } from './disposition.ts'

/** What a browser saves the file as: the extended parameter, decoded (RFC 6266 §4.3). */
const savedAs = (header: string): string => {
  const [, value = ''] = /; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]*)$/.exec(header) ?? assert.fail(header)
  return decodeURIComponent(value)
}

test('a file keeps its name in any language, and has one in plain letters for old readers', () => {
  const rows: [name: string, plain: string][] = [
    ['notes.pdf', 'notes.pdf'],
    ['Übungsblatt №1 – 練習.pdf', 'Ubungsblatt No1 _ __.pdf'],
    ['מדריך.pdf', '_____.pdf'],
    ['\u200Fמדריך\u200F.pdf', '_______.pdf'],
    ['👩‍🎨 palette.png', '___ palette.png'],
    ['𠮷野家.txt', '___.txt'],
    ['say "hi"; then\'s (2)*.txt', 'say _hi__ then_s (2)_.txt'],
    ['100 % done.txt', '100 _ done.txt'],
  ]
  for (const [name, plain] of rows) {
    const header = attachment(name)
    assert.ok(header.startsWith(`attachment; filename="${plain}"; `), header)
    assert.equal(savedAs(header), name)
  }
})

test('a name is no path', () => {
  assert.equal(savedAs(attachment('../../etc/passwd')), '.._.._etc_passwd')
  assert.equal(savedAs(attachment('C:\\windows\\notes.txt')), 'C:_windows_notes.txt')
})

test('what has no name is an attachment all the same', () => {
  assert.equal(attachment(undefined), 'attachment')
})

test('no name ends the header, begins another, or closes its quotes', () => {
  const hostile = ['a\r\nSet-Cookie: x=1', 'a\nb', 'a"; filename="b.exe', 'a\u0000.txt', "a'; filename*=UTF-8''b", 'a\\"b', '\ud800x', 'x'.repeat(5000)]
  const isOneHeader = (name: string): boolean =>
    /^attachment; filename="[A-Za-z0-9 ._()+,=@-]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/.test(attachment(name))
  for (const name of hostile) assert.ok(isOneHeader(name), attachment(name))
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), isOneHeader), { seed: 4600, numRuns: 500 })
})
