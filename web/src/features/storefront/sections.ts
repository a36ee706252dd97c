import { type HomeSection, MOST_SECTIONS, type SectionKind } from '#contract/storefront.ts'

export const SECTION_KINDS: readonly SectionKind[] = ['hero', 'featured', 'courses', 'offers', 'text', 'voices']

export const SECTION_ICONS: Readonly<Record<SectionKind, string>> = {
  hero: 'i-lucide-sparkles',
  featured: 'i-lucide-star',
  courses: 'i-lucide-layout-grid',
  offers: 'i-lucide-tag',
  text: 'i-lucide-text',
  voices: 'i-lucide-quote',
}

/** These show what there is only once. */
const ONCE: readonly SectionKind[] = ['hero', 'courses', 'offers']

export const isFull = (sections: readonly HomeSection[]): boolean => sections.length >= MOST_SECTIONS
export const addable = (sections: readonly HomeSection[]): SectionKind[] =>
  SECTION_KINDS.filter((kind) => !(ONCE.includes(kind) && sections.some((section) => section.kind === kind)))

export const emptySection = (kind: SectionKind, id: string): HomeSection => {
  const each = { id, isOn: true }
  const made: { [K in SectionKind]: () => HomeSection } = {
    hero: () => ({ ...each, kind: 'hero', title: '', text: '', button: '', buttonUrl: '' }),
    featured: () => ({ ...each, kind: 'featured', title: '', courses: [] }),
    courses: () => ({ ...each, kind: 'courses', title: '' }),
    offers: () => ({ ...each, kind: 'offers' }),
    text: () => ({ ...each, kind: 'text', title: '', text: '' }),
    voices: () => ({ ...each, kind: 'voices', title: '', voices: [] }),
  }
  return made[kind]()
}

/** A section moved by one place; the same list where there is no further. */
export const moved = (sections: readonly HomeSection[], from: number, by: -1 | 1): HomeSection[] => {
  const [one, other] = [sections[from], sections[from + by]]
  if (!one || !other) return [...sections]
  return sections.map((section, place) => (place === from ? other : place === from + by ? one : section))
}
