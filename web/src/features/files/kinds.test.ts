import assert from 'node:assert/strict'
import { it } from 'node:test'
import { endingText, iconOf, withEnding } from './kinds.ts'

const icon = (name: string, type = 'application/octet-stream'): string => iconOf({ name, type })

it('a file is drawn as what its name says, else as what it is said to be, else as just a file', () => {
  assert.equal(icon('Übungsblatt.PDF'), 'i-lucide-file-text')
  assert.equal(icon('table.xlsx'), 'i-lucide-file-spreadsheet')
  assert.equal(icon('recording', 'audio/mpeg'), 'i-lucide-file-music')
  assert.equal(icon('.zip'), 'i-lucide-file')
  assert.equal(icon('constructor.constructor'), 'i-lucide-file')
  assert.deepEqual(['a.tar.gz', 'notes', '.env', 'a.'].map(endingText), ['GZ', '', '', ''])
})

it('a name given without its ending keeps the one the file had', () => {
  assert.equal(withEnding('Worksheet 1', 'IMG_2031.pdf'), 'Worksheet 1.pdf')
  assert.equal(withEnding('Worksheet.docx', 'IMG_2031.pdf'), 'Worksheet.docx')
  assert.equal(withEnding('Makefile', 'Makefile2'), 'Makefile')
})
