import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Certificate } from '#contract/certificates.ts'
import { certificatePaper } from './paper.ts'

const font = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))))
const fonts = { plain: await font('DejaVuSans'), bold: await font('DejaVuSans-Bold') }
const words = {
  ...{ language: 'en', title: 'Certificate', certifies: 'This is to certify that', completed: 'has completed', signedBy: 'Signed by' },
  ...{ issued: 'Issued', day: 'May 4, 2026', verify: 'Verify it at' },
}
const aCertificate = (of: Partial<Certificate> = {}): Certificate => ({
  ...{ id: 'cer_01k0abcdefgh', name: 'Lena', issuedAt: '2026-05-04T09:00:00Z', outcomes: [], sections: [], durationSeconds: 0, signature: 'Theo', text: '' },
  school: { name: 'The School', url: 'https://school.test' },
  course: { slug: 'light', title: 'Light', teacher: 'Theo', summary: '' },
  ...of,
})
const printed = async (certificate: Certificate): Promise<string> =>
  Buffer.concat(await certificatePaper(certificate, { words, fonts, accent: '#0f766e' })).toString('latin1')
const pages = (text: string): number => text.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0

test('a certificate is one page that says what it is, in its language, and leads to where it is verified', async () => {
  const text = await printed(aCertificate())
  assert.match(text, /^%PDF-1\.7/)
  assert.equal(pages(text), 1)
  assert.match(text, /\/Lang \(en\)/)
  assert.match(text, /\/MarkInfo/)
  assert.match(text, /\/URI \(https:\/\/school\.test\/certificates\/cer_01k0abcdefgh\)/)
  assert.ok(text.includes('+DejaVuSans-Bold'))
})

test('names of other scripts, and the longest there can be, still fit on that page', async () => {
  for (const name of ['Ελένη Παπαδοπούλου', 'Лев Николаевич', 'ليلى', 'שרה', 'W'.repeat(200)]) {
    const certificate = aCertificate({
      name,
      text: 'Wide words '.repeat(27),
      signature: 'W'.repeat(80),
      course: { ...aCertificate().course, title: 'W '.repeat(60) },
    })
    assert.equal(pages(await printed(certificate)), 1, name)
  }
})
