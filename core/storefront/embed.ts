import { PublishedCourse } from '#contract/catalogue.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { shownSchool } from './brand.ts'

/** As long as a site may keep what it was told: a course's title changes seldom. */
const CACHE_SECONDS = 3600

/** The course that an address of this school shows; undefined for any other address. */
const slugIn = (address: string, url: string): string | undefined => {
  const asked = URL.parse(address)
  return asked && asked.origin === url ? /^\/courses\/([a-z0-9-]{1,200})$/.exec(asked.pathname)?.[1] : undefined
}

/** What other sites say of a course they link to, read from the file that visitors are shown. A frame it is not: the school's pages stand in none. */
export const embed = async (world: Pick<World, 'objects' | 'settings' | 'tables'>, address: string) => {
  const { url } = world.settings
  const slug = slugIn(address, url)
  const file = slug === undefined ? undefined : await world.objects.get(`catalogue/${slug}.json`)
  if (!file) throw missing('course page')
  const { title, summary, teacher } = PublishedCourse.parse(JSON.parse(new TextDecoder().decode(file.bytes)))
  const { schoolName } = await shownSchool(world)
  return {
    ...{ version: '1.0' as const, type: 'link' as const, title, description: summary, author_name: teacher },
    ...{ provider_name: schoolName, provider_url: url, cache_age: CACHE_SECONDS },
  }
}
