import type { Explanation } from '#contract/grants.ts'
import type { Actor } from '#core/handlers.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { askedNow, decided, placed } from './access.ts'
import { asOf, periodsOf, rightsOf } from './decide.ts'
import { personWith } from './people.ts'

type Question = { email: string; lesson: string; at?: string | undefined }

/** What `openedLesson` would decide about a person and a lesson, with everything it rests on. */
export const explain = async (world: World, _admin: Actor, { email, lesson: id, at: asked }: Question): Promise<Explanation> => {
  const now = world.clock.now().toISOString()
  const at = asked ?? now
  const person = await personWith(world, email)
  const place = await placed(world.tables, id)
  if (!place) throw missing('lesson')
  const { lesson, course, isPublished } = place
  const { facts, learned, helps } = await askedNow(world, person, course)
  const then = Date.parse(at) < Date.parse(now) ? asOf(facts, at) : facts
  return {
    at,
    person: { id: person.id, name: person.name, email: person.email, isDisabled: person.isDisabled },
    course: { id: course.id, slug: course.slug, title: course.title, isListed: course.isListed },
    lesson: { id: lesson.id, title: lesson.title, isPreview: lesson.isPreview, isPublished },
    ...decided(person, place, { facts: then, at, learned, helps }),
    rights: rightsOf(then, at),
    ...{ facts, periods: periodsOf(facts) },
  }
}
