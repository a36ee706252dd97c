import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesText, waitText } from './amounts.ts'
import { captionFault, languageChoices, languageName, languageOf } from './captions.ts'

describe('a caption file', () => {
  it('is taken when it begins as WebVTT does', () => {
    for (const vtt of ['WEBVTT', 'WEBVTT\n\n', '\uFEFFWEBVTT\r\n', 'WEBVTT - a talk\n']) assert.equal(captionFault(vtt), undefined)
  })

  it('is refused before it is sent when it is something else or far too large', () => {
    for (const other of ['', '1\n00:00:01,000 --> 00:00:02,000\nSubRip', 'WEBVTTX', ' WEBVTT']) assert.equal(captionFault(other), 'notVtt')
    assert.equal(captionFault(`WEBVTT\n${'x'.repeat(300_000)}`), 'tooLargeVtt')
  })

  it('tells its language by its name, where it does', () => {
    assert.equal(languageOf('talk.de.vtt'), 'de')
    assert.equal(languageOf('Talk_EN-GB.vtt'), 'en')
    assert.equal(languageOf('talk.vtt'), undefined)
    assert.equal(languageOf('talk.xx.vtt'), undefined)
  })

  it('is listed under its language’s own name, and chosen under the reader’s', () => {
    assert.equal(languageName('de'), 'Deutsch')
    assert.equal(languageName('fr'), 'Français')
    assert.deepEqual(
      languageChoices('en').find(({ value }) => value === 'de'),
      { value: 'de', label: 'German' },
    )
  })
})

describe('amounts', () => {
  it('are as coarse as they are large', () => {
    assert.equal(bytesText(0, 'en'), '0 byte')
    assert.equal(bytesText(45_300_000, 'en'), '45 MB')
    assert.equal(bytesText(1_440_000_000, 'en'), '1.4 GB')
  })

  it('of time to wait are as vague as they are uncertain', () => {
    assert.equal(waitText(3, 'en'), '5 sec')
    assert.equal(waitText(42, 'en'), '45 sec')
    assert.equal(waitText(61, 'en'), '2 min')
    assert.equal(waitText(5400, 'en'), '1.5 hr')
  })
})
