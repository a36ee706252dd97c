import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languageChoices, languageName, languageOf } from './languages.ts'

describe('a caption file', () => {
  it('tells its language by its name, where it does', () => {
    assert.equal(languageOf('talk.de.vtt'), 'de')
    assert.equal(languageOf('Talk_EN-GB.srt'), 'en')
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
