/** A page of text as a PDF (ISO 32000-1 §7.5): A4, one of the fonts every reader has, so that it is a few hundred bytes. Plain ASCII only. */
export const handout = (title: string, lines: readonly string[]): Uint8Array => {
  const text = (words: string): string => `(${words.replace(/[\\()]/g, '\\$&')})`
  const shown = lines.map((line) => `T* ${text(line)} Tj`).join('\n')
  const page = `BT /F1 22 Tf 72 744 Td ${text(title)} Tj ET\nBT /F2 12 Tf 22 TL 72 716 Td\n${shown}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> /Contents 4 0 R >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const end = `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return new TextEncoder().encode(file + end)
}
