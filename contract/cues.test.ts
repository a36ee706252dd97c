import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAPTION_LIMITS, type Cue, cleanText, readCaptions, secondsOf, spokenText, writeCaptions } from './cues.ts'

const cuesOf = (text: string): Cue[] => {
  const read = readCaptions(text)
  assert.ok('cues' in read, JSON.stringify(read))
  return read.cues
}
const faultOf = (text: string) => {
  const read = readCaptions(text)
  return 'fault' in read ? [read.fault.kind, read.fault.line] : 'read'
}

/** Numbers that look random and are the same every time (mulberry32). */
const dice = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

describe('a WebVTT file', () => {
  it('is read whatever its line ends, with names, settings, notes and styles', () => {
    const text = [
      '\ufeffWEBVTT - a talk',
      'Kind: captions',
      '',
      'STYLE',
      '::cue { color: red }',
      '',
      'NOTE nobody',
      'reads this',
      '',
      'REGION',
      'id:fred',
      '',
      'intro',
      '00:01.500 --> 00:02.000 line:0 position:20%',
      'Hello <c.loud>there</c>,',
      '<v.first Ada>I &amp; you &#8212; &#x41;',
      '',
      '01:00:00.000 --> 01:00:01.250',
      'Later',
    ]
    for (const end of ['\n', '\r\n', '\r'])
      assert.deepEqual(cuesOf(text.join(end)), [
        { startSeconds: 1.5, endSeconds: 2, text: 'Hello there,\n<v Ada>I & you — A' },
        { startSeconds: 3600, endSeconds: 3601.25, text: 'Later' },
      ])
  })

  it('may have a cue right below its header, and cues with no empty line between them', () => {
    assert.deepEqual(
      cuesOf('WEBVTT\n00:01.000 --> 00:02.000\nOne\n00:02.000 --> 00:03.000\nTwo').map(({ text }) => text),
      ['One', 'Two'],
    )
  })

  it('is put in order where it is not, and cues may overlap', () => {
    const cues = cuesOf('WEBVTT\n\n00:05.000 --> 00:09.000\nB\n\n00:01.000 --> 00:06.000\nA\n\n00:05.000 --> 00:06.000\nC')
    assert.deepEqual(
      cues.map(({ text }) => text),
      ['A', 'C', 'B'],
    )
  })
})

describe('a SubRip file', () => {
  it('is read with commas, numbers, its own tags, and empty lines within a cue', () => {
    const text =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\n<font color="red">Red</font> {\\an8}<i>sky</i>\r\n\r\nat night\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n2001\r\n'
    assert.deepEqual(cuesOf(text), [
      { startSeconds: 1, endSeconds: 2.5, text: 'Red <i>sky</i>\nat night' },
      { startSeconds: 3, endSeconds: 4, text: '2001' },
    ])
  })

  it('keeps a line that is only a number, where no time follows it', () => {
    assert.deepEqual(
      cuesOf('1\n00:00:01,000 --> 00:00:02,000\nIn\n1984\n2\n00:00:03,000 --> 00:00:04,000\nBook').map(({ text }) => text),
      ['In\n1984', 'Book'],
    )
  })
})

describe('a caption file that cannot be used', () => {
  it('is refused with the line where it goes wrong', () => {
    assert.deepEqual(faultOf('Dear diary'), ['not-captions', 1])
    assert.deepEqual(faultOf(''), ['not-captions', 1])
    assert.deepEqual(faultOf('WEBVTT\n\n'), ['no-cues', 1])
    assert.deepEqual(faultOf('WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\nstray words\nand more'), ['no-time', 6])
    assert.deepEqual(faultOf('WEBVTT\n\n00:01.000 --> 00:61.000\nOne'), ['bad-time', 3])
    assert.deepEqual(faultOf('1\n00:00:01,000 --> tomorrow\nOne'), ['bad-time', 2])
    assert.deepEqual(faultOf('WEBVTT\n\n00:02.000 --> 00:01.000\nOne'), ['ends-before-it-starts', 3])
    assert.deepEqual(faultOf('WEBVTT\n\n30:00:00.000 --> 30:00:01.000\nOne'), ['too-late', 3])
    assert.deepEqual(faultOf(`WEBVTT\n\n00:01.000 --> 00:02.000\n${'x'.repeat(CAPTION_LIMITS.cueCharacters + 1)}`), ['cue-too-long', 4])
    assert.deepEqual(faultOf(`WEBVTT\n${'x'.repeat(CAPTION_LIMITS.characters)}`), ['too-large', 1])
    const many = `WEBVTT\n\n${'0:01.0 --> 0:02.0\nx\n\n'.repeat(CAPTION_LIMITS.cues + 1)}`
    assert.deepEqual(faultOf(many), ['too-many-cues', 3 + 3 * CAPTION_LIMITS.cues])
  })

  it('is refused in time that grows with its size, however it is made', () => {
    for (const piece of ['<', '&#', '<v ', '{\\', '\n', '1\n', '-->', '<b'] as const) {
      const began = performance.now()
      readCaptions(`WEBVTT\n\n00:01.000 --> 00:02.000\n${piece.repeat(Math.floor(280_000 / piece.length))}`)
      assert.ok(performance.now() - began < 2000, `${JSON.stringify(piece)} took ${performance.now() - began} ms`)
    }
  })
})

const SCRAPS = [
  'a',
  'Zoë',
  ' ',
  '\n',
  '\n\n',
  '-->',
  '<b>',
  '</b>',
  '<i>',
  '<v Ada B>',
  '</v>',
  '<script>',
  '<',
  '>',
  '&',
  '&amp;',
  '&#60;',
  'NOTE',
  '1',
  '\u0000',
  '\ud83d',
  '😀',
  '\u2028',
]

describe('captions written by the school', () => {
  it('are read back as they were, whatever stands in them', () => {
    const roll = dice(20_261)
    for (let round = 0; round < 400; round += 1) {
      const cues = Array.from({ length: 1 + roll(6) }, (_, place) => {
        const startSeconds = (place * 10_000_000 + roll(9_000_000)) / 1000
        const text = cleanText(`w${Array.from({ length: roll(12) }, () => SCRAPS[roll(SCRAPS.length)]).join('')}`)
        return { startSeconds, endSeconds: (Math.round(startSeconds * 1000) + 1 + roll(9000)) / 1000, text }
      })
      const file = writeCaptions(cues)
      assert.deepEqual(cuesOf(file), cues, file)
      assert.equal(file.match(/-->/g)?.length, cues.length)
    }
  })

  it('hold no markup that we did not keep', () => {
    const text = cleanText('<img src=x onerror=alert(1)> <b>bold</b> 1 < 2 && 3 > 2')
    assert.match(
      writeCaptions([{ startSeconds: 0, endSeconds: 1, text }]),
      /\n&lt;img src=x onerror=alert\(1\)&gt; <b>bold<\/b> 1 &lt; 2 &amp;&amp; 3 &gt; 2\n$/,
    )
  })
})

describe('what people type and read', () => {
  it('is a time in any of its spellings, or none', () => {
    assert.deepEqual(['1:02', '01:02.5', '1:02:03,25', '00:00:00.001'].map(secondsOf), [62, 62.5, 3723.25, 0.001])
    assert.deepEqual(
      ['', '12', '1:60', '60:00', 'one', '1:2:3:4'].map(secondsOf),
      Array.from({ length: 6 }, () => undefined),
    )
  })

  it('is a text without markup where it is read on', () => {
    assert.equal(spokenText('<v Ada>Hello,\n<b>you</b> there'), 'Hello, you there')
  })
})
