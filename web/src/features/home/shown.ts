import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Home, HomeSection } from '#contract/storefront.ts'

export type ShownSection = { section: HomeSection; courses: CatalogueEntry[] }

/** The sections visitors see, each with its courses: one that stands among the featured is not repeated among all. */
export const shownSections = ({ sections }: Home, courses: readonly CatalogueEntry[]): ShownSection[] => {
  const on = sections.filter(({ isOn }) => isOn)
  const featuredIn = (section: HomeSection): CatalogueEntry[] => {
    if (section.kind !== 'featured') return []
    const chosen = section.courses.flatMap((id) => courses.find((course) => course.id === id) ?? [])
    // What was chosen may have left the catalogue: then the newest stands for it.
    return chosen.length > 0 ? chosen : courses.slice(0, 1)
  }
  const featured = new Set(on.flatMap(featuredIn))
  return on
    .map((section) => ({ section, courses: section.kind === 'courses' ? courses.filter((course) => !featured.has(course)) : featuredIn(section) }))
    .filter(({ section, courses: of }) => {
      if (section.kind === 'text') return section.text.trim() !== '' || section.title !== ''
      if (section.kind === 'voices') return section.voices.length > 0
      return section.kind === 'hero' || section.kind === 'offers' || of.length > 0
    })
}
