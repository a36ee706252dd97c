import { hasInjectionContext, type InjectionKey, inject } from 'vue'
import type { Figures } from '#contract/published-page.ts'
import { i18n } from './i18n.ts'

/*
 * The first number that a browser writes in words of its own takes it 20 to 50 ms, on a phone more, and it would be in the midst of taking a page
 * up. So what a published page says in figures comes with it.
 */
let known: Figures = {}

/** Where a page is drawn, what it says is noted here. */
export const FIGURES_OF_A_PAGE: InjectionKey<Figures> = Symbol('figures of a page')

/** What the page that stands here says, in English. */
export const takeFigures = (figures: Figures): void => {
  known = figures
}

/** `value` as Intl writes it for whoever reads; `name`: the value and how it is written, as one text of its own. */
export const figure = (name: string, value: number, options: Intl.NumberFormatOptions): string => {
  const language = i18n.global.locale.value
  const published = language === 'en' ? known[name] : undefined
  if (published !== undefined) return published
  const text = new Intl.NumberFormat(language, options).format(value)
  const notes = hasInjectionContext() ? inject(FIGURES_OF_A_PAGE, undefined) : undefined
  if (notes) notes[name] = text
  return text
}

/** `4.7`, and `4,7` where people write so. */
export const formatNumber = (value: number): string => figure(`${value}`, value, {})
