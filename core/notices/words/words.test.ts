import { test } from 'node:test'
import { LetterLanguage } from '#contract/notifications.ts'
import { assertWhole } from '#test/words.ts'
import { WORDS } from './words.ts'

for (const language of LetterLanguage.options.filter((each) => each !== 'en')) {
  test(`letters in ${language} say everything that there is to say, and name in it whatever English names`, () => assertWhole(WORDS.en, WORDS[language]))
}
