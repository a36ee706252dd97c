import { LetterLanguage } from '#contract/notifications.ts'

/** The part of a visit that this reads. */
type Asked = { interaction: { params: Record<string, unknown> } | undefined }

/** What the page speaks that led here, by `ui_locales` (OpenID Connect Core 1.0 §3.1.2.1): the first that letters are written in, else English. */
export const languageFor = ({ interaction }: Asked): LetterLanguage => {
  const wanted = interaction?.params['ui_locales']
  const tags = typeof wanted === 'string' ? wanted.toLowerCase().split(' ') : []
  const known = tags.flatMap((tag) => LetterLanguage.options.find((each) => each === tag.split('-', 1)[0]) ?? [])
  return known[0] ?? 'en'
}
