import * as z from 'zod/mini'
import { Entry } from '#contract/money.ts'
import { Hindrance } from '#contract/privacy.ts'
import type { Listener } from '#ports/events.ts'
import type { Event, JsonObject } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { FirstWatchable, Result } from './media/facts.ts'
import { Charge } from './recipes/charge.ts'
import { BUS_NEWS } from './series/bus.ts'

/** Everything that can happen, in the past tense. Adding a field is fine; changing one is a new name. */
export const EVENTS = {
  'staff.invited': z.object({ invitation: z.string() }),
  'course.published': z.object({ course: z.string() }),
  /** Its clock was to publish it, and could not. */
  'course.publish-refused': z.object({ course: z.string(), teacher: z.string(), says: z.string() }),
  'course.unpublished': z.object({ course: z.string(), slug: z.string() }),
  /** Somebody helps with it from now on, in another way than before, or no more. */
  'course.helper-changed': z.object({ course: z.string(), person: z.string(), by: z.string(), as: z.enum(['co-teacher', 'assistant', 'none']) }),
  /** Those who run the school have changed what somebody is in it, or whether they may sign in; `act` says how and why. */
  'person.changed': z.object({ person: z.string(), what: z.enum(['roles', 'disabled', 'enabled', 'signed-out']), by: z.string(), act: z.string() }),
  'course.removed': z.object({ course: z.string(), slug: z.string() }),
  /** Files of its lessons have come, gone or been renamed in the draft, or a lesson with all of its own. */
  'course.files-changed': z.object({ course: z.string() }),
  'video.uploaded': z.object({ video: z.string() }),
  'video.retried': z.object({ video: z.string() }),
  'video.removed': z.object({ video: z.string(), source: z.string(), job: z.optional(z.string()), unused: z.optional(Charge) }),
  'video.cancelled': z.object({ video: z.string(), job: z.optional(z.string()) }),
  'video.watchable': z.object({ video: z.string(), course: z.string() }),
  'video.ready': z.object({ video: z.string(), course: z.string() }),
  'video.held': z.object({ video: z.string(), course: z.string() }),
  'video.failed': z.object({ video: z.string(), course: z.string() }),
  'transcode.progressed': z.object({ video: z.string(), job: z.string(), percent: z.number() }),
  'transcode.watchable': z.object({ video: z.string(), job: z.string(), watchable: FirstWatchable }),
  'transcode.finished': z.object({ video: z.string(), job: z.string(), result: Result }),
  'transcode.failed': z.object({ video: z.string(), job: z.string(), fault: z.string(), detail: z.string() }),
  'media-policy.changed': z.object({ recipe: z.string() }),
  /** Somebody wants to know what the store holds now. */
  'storage.asked': z.object({ at: z.string() }),
  'captions.changed': z.object({ video: z.string() }),
  /** `ask` tells one asking from the next. */
  'captions.asked': z.object({ video: z.string(), ask: z.string() }),
  'hook.received': z.object({ hook: z.string() }),
  'order.paid': z.object({ order: z.string(), learner: z.string() }),
  /** The provider could not be asked for a checkout page; and: it could, later. */
  'order.waiting': z.object({ order: z.string() }),
  'order.opened-late': z.object({ order: z.string() }),
  'order.refunded': z.object({ order: z.string(), isWhole: z.boolean() }),
  'order.disputed': z.object({ order: z.string(), dispute: z.string(), outcome: z.enum(['inquiry', 'dropped', 'open', 'won', 'lost']) }),
  'order.fraud-warning': z.object({ order: z.string(), warning: z.string() }),
  'money.moved': z.object({ entry: z.string(), order: z.string(), kind: Entry.shape.kind }),
  /** Payments and access are being compared; each step tells of the next. */
  'agreement.stepped': z.object({ run: z.string(), step: z.int() }),
  'receipt.issued': z.object({ receipt: z.string() }),
  'offer.changed': z.object({ offer: z.string() }),
  'membership.started': z.object({ membership: z.string(), learner: z.string() }),
  'membership.renewed': z.object({ membership: z.string(), learner: z.string() }),
  /** A payment has failed: which try of which invoice, and whether the bank wants the learner to confirm it. */
  'membership.payment-failed': z.object({ membership: z.string(), learner: z.string(), invoice: z.string(), attempt: z.int(), needsAction: z.boolean() }),
  'membership.recovered': z.object({ membership: z.string(), learner: z.string() }),
  'membership.changed': z.object({ membership: z.string(), learner: z.string(), to: z.enum(['ending', 'resumed', 'other-offer', 'cleared']) }),
  'membership.ended': z.object({ membership: z.string(), learner: z.string(), because: z.enum(['lapsed', 'cancelled', 'refunded', 'disputed']) }),
  /** Said ahead of time, once each: a trial ends, a year is paid anew, or access closes since nobody has paid. */
  'membership.due-soon': z.object({ membership: z.string(), learner: z.string(), what: z.enum(['trial-ends', 'renews', 'closes']) }),
  /** An invoice was paid that bought nothing: beyond the last instalment, or after the end. */
  'membership.overpaid': z.object({ membership: z.string(), learner: z.string(), invoice: z.string() }),
  'membership.complete': z.object({ membership: z.string(), learner: z.string() }),
  'seats.opened': z.object({ order: z.string() }),
  'seats.ended': z.object({ order: z.string(), because: z.enum(['refunded', 'disputed', 'cleared']) }),
  'order.held': z.object({ order: z.string(), reason: z.string() }),
  'order.paid-twice': z.object({ order: z.string(), session: z.string() }),
  'enrolment.started': z.object({ learner: z.string(), course: z.string() }),
  'enrolment.ended': z.object({ learner: z.string(), course: z.string(), because: z.enum(['refunded', 'disputed', 'unseated', 'ended']) }),
  /** By watching, by the learner’s word, or by passing; told again where it was taken back in between. */
  'lesson.completed': z.object({ learner: z.string(), course: z.string(), lesson: z.string() }),
  /** Somebody has watched some of a lesson (told at the beginning of a sitting, now and then, and at its end), or taken back that it is done. */
  'progress.moved': z.object({ learner: z.string(), course: z.string(), lesson: z.string(), stream: z.optional(z.string()) }),
  /** The learners a course had before are being counted, some at a time; each step tells of the next. */
  'standings.stepped': z.object({ course: z.string(), step: z.int(), of: z.enum(['enrolled', 'members']), page: z.optional(z.string()) }),
  'certificate.issued': z.object({ certificate: z.string(), learner: z.string(), course: z.string() }),
  'certificate.revoked': z.object({ certificate: z.string(), at: z.string() }),
  'certificate.reinstated': z.object({ certificate: z.string() }),
  'quiz.handed-in': z.object({ learner: z.string(), course: z.string(), lesson: z.string(), number: z.int(), isPassed: z.boolean() }),
  'assignment.handed-in': z.object({ handing: z.string(), learner: z.string(), course: z.string(), lesson: z.string() }),
  /** `time` counts how often this piece of work has been graded. */
  'assignment.graded': z.object({
    ...{ handing: z.string(), learner: z.string(), course: z.string(), lesson: z.string() },
    ...{ isPassed: z.boolean(), time: z.int() },
  }),
  /** A thread was begun (its post 0), or somebody replied in it. */
  'talk.posted': z.object({ course: z.string(), thread: z.string(), number: z.int() }),
  'talk.reported': z.object({ course: z.string(), thread: z.string(), number: z.int() }),
  /** The staff have hidden a post, or locked its thread, for a reason that its writer is to hear. */
  'talk.moderated': z.object({ thread: z.string(), number: z.int(), what: z.enum(['hidden', 'locked']), by: z.optional(z.string()) }),
  /** An announcement is being told, some people at a time; each step tells of the next. */
  'announcement.stepped': z.object({
    ...{ announcement: z.string(), step: z.int() },
    of: z.enum(['enrolled', 'members']),
    page: z.optional(z.string()),
  }),
  /** Somebody is told something: in the notification centre, and by letter as they like. */
  'notification.made': z.object({ person: z.string(), notification: z.string() }),
  /** What was bought is open again: the dispute of its payment was won. */
  'enrolment.returned': z.object({ learner: z.string(), course: z.string() }),
  /** Videos are loaded in somebody’s name far faster than they can be watched. */
  'viewer.flagged': z.object({ person: z.string(), stream: z.string(), lesson: z.string() }),
  /** A run of a series may begin, anew where it was tried before; `attempt` tells one beginning from the next. */
  'run.due': z.object({ run: z.string(), attempt: z.int() }),
  /** Its draft is to be proposed: by hand, or once more. */
  'run.to-propose': z.object({ run: z.string(), attempt: z.int() }),
  'run.ended': z.object({ run: z.string(), series: z.string(), state: z.enum(['refused', 'held', 'failed', 'closed', 'withdrawn', 'live']) }),
  /** Each point of its outline has been taken up. */
  'series.done': z.object({ series: z.string() }),
  /** Its lesson is in a commit of the main branch that cannot be shown, as its reason says. */
  'run.unsound': z.object({ run: z.string(), series: z.string() }),
  /** Nothing has come of what was due more than a day ago. */
  'series.silent': z.object({ series: z.string(), dueAt: z.string() }),
  ...BUS_NEWS,
  /** Told by a home: a program has ended badly. */
  'task.ended': z.object({ name: z.enum(['writer', 'publisher']), id: z.string(), run: z.string(), fault: z.string() }),
  /** The repository may be another than it was; what it is now is read. */
  'repository.changed': z.object({ because: z.enum(['hook', 'asked', 'timer']), pull: z.optional(z.int()) }),
  /** These lessons came, changed, moved or went by a commit: told for each course as it is shown, and once without any when all of it is. */
  'content.applied': z.object({
    commit: z.string(),
    changes: z.array(
      z.object({ what: z.enum(['created', 'changed', 'moved', 'removed']), lesson: z.string(), course: z.string(), path: z.string(), title: z.string() }),
    ),
  }),
  'content.refused': z.object({ commit: z.string(), findings: z.int() }),
  /** Told by a home: a listener was tried for days and has failed each time. */
  'delivery.given-up': z.object({ event: z.string(), name: z.string(), listener: z.string(), reason: z.string() }),
  /** Its name and colours, its home page, or one of its legal pages. */
  'school.changed': z.object({ what: z.enum(['brand', 'home', 'legal']) }),
  /** Written, changed, withdrawn, or out of sight. */
  'review.changed': z.object({ course: z.string() }),
  'review.reported': z.object({ review: z.string(), course: z.string() }),
  /** Somebody wants to be forgotten, some days from now. */
  'erasure.asked': z.object({ erasure: z.string() }),
  /** They wanted to, and something is in the way by now: it was called off. */
  'erasure.hindered': z.object({ erasure: z.string(), person: z.string(), because: Hindrance }),
  /** Somebody is being forgotten, some items at a time; each step tells of the next. */
  'erasure.stepped': z.object({ erasure: z.string(), step: z.int() }),
  /** Nothing is left of somebody but what is kept under a pseudonym. */
  'person.erased': z.object({ erasure: z.string(), alias: z.string() }),
  /** What is kept of somebody is being gathered for them, some items at a time. */
  'export.stepped': z.object({ person: z.string(), export: z.string(), step: z.int() }),
  /** One thing is to be told to one webhook; `round` counts how often somebody has asked for it. */
  'webhook.due': z.object({ webhook: z.string(), delivery: z.string(), round: z.int() }),
  /** Nobody switched it off: it has failed for days, or said that it is gone. */
  'webhook.switched-off': z.object({ webhook: z.string(), because: z.enum(['failing', 'gone']) }),
  /** Somebody made an access token for a program of theirs. */
  'token.made': z.object({ token: z.string(), person: z.string() }),
  'web.deployed': z.object({ version: z.string() }),
} as const
export type EventName = keyof typeof EVENTS
export type Payload<N extends EventName> = z.infer<(typeof EVENTS)[N]>

/** Makes an event to be committed beside the state it tells of. `id` is given where the same happening must always make the same event. */
export const event = <N extends EventName>({ clock, ids }: Pick<World, 'clock' | 'ids'>, name: N, payload: Payload<N>, id?: string): Event => ({
  id: id ?? ids.make('evt'),
  name,
  at: clock.now().toISOString(),
  // Parsed, so that what is stored is what the catalogue names; every schema in it is an object of JSON values.
  payload: EVENTS[name].parse(payload) as JsonObject,
})

/** What a feature does when something happens. Called at least once per event and in any order; must be idempotent by `event.id`. */
export type Hearing = { name: string; hears: EventName; atOnce?: number; hear(world: World, event: Event): Promise<void> }

export const hearing = <N extends EventName>(name: string, hears: N, hear: (world: World, payload: Payload<N>, event: Event) => Promise<void>): Hearing => ({
  name,
  hears,
  // The schema under `hears` makes exactly Payload<N>.
  hear: (world, heard) => hear(world, EVENTS[hears].parse(heard.payload) as Payload<N>, heard),
})

export const listeners = (world: World, hearings: readonly Hearing[]): Listener[] =>
  hearings.map(({ name, hears, hear, ...rest }) => ({ name, hears: [hears], hear: (heard) => hear(world, heard), ...rest }))
