import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import { knownLanguage, loadLanguage } from './languages.ts'

/** Longer code is shown plain: telling its parts apart would hold the page up. */
const MOST_CHARACTERS = 30_000
/** The first line of a language makes its rules ready, which on a busy phone takes longer than the half second that is usual. */
const BOUNDS = { tokenizeMaxLineLength: 2000, tokenizeTimeLimit: 10_000 } as const

const theme = createCssVariablesTheme({ name: 'school', variablePrefix: '--code-' })

let started: Promise<HighlighterCore> | undefined
const highlighter = (): Promise<HighlighterCore> => {
  started ??= createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine() })
  return started
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign)

// The theme names a colour by a variable, which here becomes a class: no text brings a style of its own.
const classOf = (colour: string | undefined): string | undefined => /^var\(--code-token-([a-z-]+)\)$/.exec(colour ?? '')?.[1]

const htmlOfCode = (shiki: HighlighterCore, code: string, language: string): string => {
  const { tokens } = shiki.codeToTokens(code, { lang: language, theme: 'school', ...BOUNDS })
  const lines = tokens.map((line) =>
    line
      .map(({ content, color }) => {
        const name = classOf(color)
        return name === undefined ? escaped(content) : `<span class="code-${name}">${escaped(content)}</span>`
      })
      .join(''),
  )
  return lines.join('\n')
}

/** What tells the parts of code in these languages apart; others stay plain. */
export const highlightFor = async (names: readonly string[]): Promise<(code: string, language: string) => string | undefined> => {
  const languages = new Set(names.flatMap((name) => knownLanguage(name) ?? []))
  const shiki = await highlighter()
  await Promise.all([...languages].map(async (name) => shiki.loadLanguage((await loadLanguage(name)?.()) ?? [])))
  return (code, name) => {
    const language = knownLanguage(name)
    if (language === undefined || !languages.has(language) || code.length > MOST_CHARACTERS) return undefined
    return htmlOfCode(shiki, code, language)
  }
}
