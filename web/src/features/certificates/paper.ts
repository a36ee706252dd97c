import PDFDocument from 'pdfkit'
import { encode } from 'uqr'
import type { Certificate } from '#contract/certificates.ts'

/** What stands on it besides the certificate's own texts, in the reader's language (BCP 47). */
export type PaperWords = {
  language: string
  title: string
  certifies: string
  completed: string
  signedBy: string
  issued: string
  day: string
  verify: string
}

/** TrueType files; what is not used of them is left out of the paper. */
export type PaperFonts = { plain: Uint8Array; bold: Uint8Array }

/** `accent`: the school’s colour, `#0f766e`. */
type Look = { words: PaperWords; fonts: PaperFonts; accent: string }

type Paper = InstanceType<typeof PDFDocument>
type Line = { text: string; y: number; size: number; font?: keyof PaperFonts; colour?: string; tag?: string; most?: number; least?: number }

/** A4, landscape, in points. */
const WIDTH = 841.89
const HEIGHT = 595.28
const INNER = 660
const [INK, SOFT, RULE] = ['#171717', '#525252', '#a3a3a3']
const QUIET_MODULES = 2

/** Small enough for the room there is: names and titles may be long. */
const fitted = (paper: Paper, { text, size, font = 'plain', most = 1, least = size / 2 }: Line): number => {
  const lines = (at: number): number => paper.font(font).fontSize(at).widthOfString(text) / INNER
  let at = size
  while (at > least && lines(at) > most - (most > 1 ? 0.2 : 0)) at -= 1
  return at
}

const write = (paper: Paper, line: Line): void => {
  const { text, y, font = 'plain', colour = INK, tag = 'P', most = 1 } = line
  const size = fitted(paper, line)
  const height = size * 1.3 * most
  const drawn = () => {
    paper.font(font).fontSize(size).fillColor(colour)
    paper.text(text, (WIDTH - INNER) / 2, y, { width: INNER, height, align: 'center', ellipsis: true, lineBreak: true })
  }
  paper.addStructure(paper.struct(tag, {}, drawn))
}

/** Something said beside the middle: a rule, what it is, and what it says. */
const field = (paper: Paper, { x, width, name, value }: { x: number; width: number; name: string; value: string }): void => {
  const y = 478
  paper.markContent('Artifact')
  paper
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.75)
    .stroke(RULE)
  paper.endMarkedContent()
  paper.addStructure(
    paper.struct('P', {}, () => {
      paper
        .font('plain')
        .fontSize(9)
        .fillColor(SOFT)
        .text(name, x, y + 9, { width, lineBreak: false })
      paper
        .font('bold')
        .fontSize(12)
        .fillColor(INK)
        .text(value, x, y + 23, { width, height: 32, ellipsis: true })
    }),
  )
}

const code = (paper: Paper, { address, x, y, side, alt }: { address: string; x: number; y: number; side: number; alt: string }): void => {
  const { data, size } = encode(address, { ecc: 'M', border: QUIET_MODULES })
  const each = side / size
  const drawn = () => {
    for (const [down, row] of data.entries()) {
      for (const [across, isDark] of row.entries()) if (isDark) paper.rect(x + across * each, y + down * each, each, each)
    }
    paper.fill(INK)
  }
  paper.addStructure(paper.struct('Figure', { alt }, drawn))
}

const frame = (paper: Paper, accent: string): void => {
  paper.markContent('Artifact')
  paper
    .rect(24, 24, WIDTH - 48, HEIGHT - 48)
    .lineWidth(2)
    .stroke(accent)
  paper
    .rect(31, 31, WIDTH - 62, HEIGHT - 62)
    .lineWidth(0.5)
    .stroke(RULE)
  paper.endMarkedContent()
}

const draw = (paper: Paper, certificate: Certificate, { words, accent }: Look): void => {
  const { school, name, course, text, signature, id } = certificate
  const address = `${school.url}/certificates/${id}`
  frame(paper, accent)
  write(paper, { text: school.name, y: 70, size: 13, font: 'bold', colour: accent })
  write(paper, { text: words.title, y: 104, size: 30, font: 'bold', tag: 'H1' })
  write(paper, { text: words.certifies, y: 166, size: 12, colour: SOFT })
  write(paper, { text: name, y: 192, size: 38, font: 'bold', least: 12 })
  write(paper, { text: words.completed, y: 260, size: 12, colour: SOFT })
  write(paper, { text: course.title, y: 286, size: 24, font: 'bold', most: 2, least: 14, tag: 'H2' })
  if (text) write(paper, { text, y: 362, size: 12, colour: SOFT, most: 3, least: 9 })
  field(paper, { x: 90, width: 240, name: words.signedBy, value: signature })
  field(paper, { x: 360, width: 190, name: words.issued, value: words.day })
  const side = 92
  code(paper, { address, x: WIDTH - 90 - side, y: 430, side, alt: address })
  paper.addStructure(
    paper.struct('P', {}, () => {
      paper.font('plain').fontSize(7.5).fillColor(SOFT)
      paper.text(`${words.verify} ${address}`, 90, 545, { width: WIDTH - 180, align: 'right', height: 10, ellipsis: true, link: address })
    }),
  )
}

/** The certificate as a PDF of one page, tagged for those who listen to it. */
export const certificatePaper = (certificate: Certificate, look: Look): Promise<Uint8Array<ArrayBuffer>[]> =>
  new Promise((resolve, reject) => {
    const { words, fonts } = look
    const paper = new PDFDocument({
      ...{ size: 'A4', layout: 'landscape', margin: 0, pdfVersion: '1.7', tagged: true, lang: words.language, displayTitle: true },
      // None of its own: what it has by itself cannot write most languages.
      font: '',
      info: { Title: `${words.title}: ${certificate.course.title}`, Author: certificate.school.name, CreationDate: new Date(certificate.issuedAt) },
    })
    const bytes: Uint8Array<ArrayBuffer>[] = []
    paper.on('data', (chunk: Uint8Array<ArrayBuffer>) => bytes.push(chunk))
    paper.on('end', () => resolve(bytes))
    paper.on('error', reject)
    for (const [name, font] of Object.entries(fonts)) paper.registerFont(name, font.slice().buffer)
    draw(paper, certificate, look)
    paper.end()
  })
