import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'

export const MOST_BODY_CHARACTERS = 10_000
export const MOST_MENTIONS = 10
/** Own words may be mended for so long without a trace; later they are marked as edited. */
export const QUIET_EDIT_MINUTES = 15

/** Whoever writes: as they were called when they wrote. `teacher` and `staff` wear a badge. */
export const Writer = z.object({ id: z.string(), name: z.string(), as: z.enum(['teacher', 'staff', 'learner']) })
export type Writer = z.infer<typeof Writer>

/** Why the staff hid or closed something, as everybody in the course may read it. */
const Measure = z.object({ at: when, by: z.string(), reason: z.string() })

export const Thread = z.object({
  id: z.string(),
  course: z.string(),
  /** Absent on the board of the whole course. */
  lesson: z.optional(z.object({ id: z.string(), title: z.string() })),
  title: z.string(),
  /** How its first post begins. */
  excerpt: z.string(),
  isQuestion: z.boolean(),
  /** Seconds into the lesson’s video that it is about. */
  atSeconds: z.optional(z.number()),
  by: Writer,
  at: when,
  lastAt: when,
  replies: z.int(),
  votes: z.int(),
  /** Which of its posts answers it. */
  answer: z.optional(z.int()),
  isPinned: z.boolean(),
  locked: z.optional(Measure),
  /** Its first post is hidden: for the staff, with the reason; learners see a line in its place. */
  isHidden: z.boolean(),
  /** Posts since I last read it; absent where I have not. */
  unread: z.optional(z.int()),
})
export type Thread = z.infer<typeof Thread>

export const Post = z.object({
  /** Counted from 0, which is the thread’s own text; never given twice. */
  number: z.int(),
  by: Writer,
  at: when,
  /** Markdown; empty where it was removed, or hidden from me. */
  body: z.string(),
  mentions: z.array(z.object({ id: z.string(), name: z.string() })),
  votes: z.int(),
  isMyVote: z.boolean(),
  isMine: z.boolean(),
  editedAt: z.optional(when),
  isRemoved: z.boolean(),
  hidden: z.optional(Measure),
  /** I have reported it. */
  isReported: z.boolean(),
})
export type Post = z.infer<typeof Post>

/** What I may do where I am. */
export const Leave = z.object({ mayModerate: z.boolean(), mayWrite: z.boolean(), blocked: z.optional(z.string()) })
export type Leave = z.infer<typeof Leave>

export const Report = z.object({
  thread: Thread,
  post: z.object({ number: z.int(), by: Writer, at: when, body: z.string(), isHidden: z.boolean() }),
  /** How often it was reported; the newest reasons. */
  times: z.int(),
  reasons: z.array(z.object({ reason: z.string(), at: when })),
})
export type Report = z.infer<typeof Report>

export const Blocked = z.object({ id: z.string(), name: z.string(), reason: z.string(), at: when })
export type Blocked = z.infer<typeof Blocked>

const thread = id('thr')
const course = id('crs')
const page = z.optional(z.string().check(z.maxLength(2000)))
const number = z.int().check(z.minimum(0), z.maximum(100_000))
/** As it was written; it only may not be blank. */
const body = z.string().check(
  z.maxLength(MOST_BODY_CHARACTERS),
  z.refine((text) => text.trim() !== '', 'is blank'),
)
const title = z.string().check(z.trim(), z.minLength(1), z.maxLength(140))
const mentions = z._default(z.array(z.string().check(z.maxLength(100))).check(z.maxLength(MOST_MENTIONS)), [])
const reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(300))

export const MODERATIONS = ['hide', 'show', 'dismiss', 'lock', 'unlock', 'pin', 'unpin', 'answer', 'unanswer'] as const
export const Moderation = z.enum(MODERATIONS)
export type Moderation = z.infer<typeof Moderation>

export const talk = {
  threads: endpoint({
    method: 'GET',
    path: '/courses/{course}/talk',
    access: 'person',
    summary: 'What is talked about at a lesson, or on the board of the whole course: pinned first, then by the newest post',
    input: z.object({ course, lesson: z.optional(id('les')), page }),
    output: z.object({ threads: z.array(Thread), total: z.int(), leave: Leave, next: z.optional(z.string()) }),
  }),
  begin: endpoint({
    method: 'POST',
    path: '/courses/{course}/talk',
    access: 'person',
    summary: 'Ask, or begin to talk about something',
    input: z.object({
      course,
      lesson: z.optional(id('les')),
      ...{ title, body, mentions, isQuestion: z.boolean() },
      atSeconds: z.optional(z.number().check(z.minimum(0), z.maximum(360_000))),
    }),
    output: Thread,
  }),
  thread: endpoint({
    method: 'GET',
    path: '/talk/{thread}',
    access: 'person',
    summary: 'A thread with its posts, oldest first; the answer comes with the first page whichever page it is on',
    input: z.object({ thread, page }),
    output: z.object({ thread: Thread, posts: z.array(Post), answer: z.optional(Post), leave: Leave, next: z.optional(z.string()) }),
  }),
  reply: endpoint({
    method: 'POST',
    path: '/talk/{thread}/posts',
    access: 'person',
    summary: 'Reply in a thread',
    input: z.object({ thread, body, mentions }),
    output: Post,
  }),
  edit: endpoint({
    method: 'PATCH',
    path: '/talk/{thread}/posts/{number}',
    access: 'person',
    summary: 'Change what I wrote; after a quarter of an hour it is marked as edited',
    input: z.object({ thread, number: z.coerce.number().check(z.int(), z.minimum(0)), body, title: z.optional(title), mentions }),
    output: Post,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/talk/{thread}/posts/{number}',
    access: 'person',
    summary: 'Take back what I wrote; where others have replied, a line stays in its place',
    input: z.object({ thread, number: z.coerce.number().check(z.int(), z.minimum(0)) }),
    output: done,
  }),
  mark: endpoint({
    method: 'PUT',
    path: '/talk/{thread}/marks',
    access: 'person',
    summary: 'Say that a post helps me or does not any more, or up to which post I have read',
    input: z.object({ thread, vote: z.optional(z.object({ number, isUp: z.boolean() })), readUpTo: z.optional(number) }),
    output: done,
  }),
  report: endpoint({
    method: 'POST',
    path: '/talk/{thread}/posts/{number}/reports',
    access: 'person',
    summary: 'Tell the course’s staff that a post should not stand',
    input: z.object({ thread, number: z.coerce.number().check(z.int(), z.minimum(0)), reason }),
    output: done,
  }),
  moderate: endpoint({
    method: 'POST',
    path: '/talk/{thread}/moderation',
    access: 'person',
    summary: 'Hide, lock, pin, or mark as the answer; `hide` and `lock` need a reason. Whoever asked may say which post is the answer',
    input: z.object({ thread, number, what: Moderation, reason: z.optional(reason) }),
    output: done,
  }),
  people: endpoint({
    method: 'GET',
    path: '/courses/{course}/talk/people',
    access: 'person',
    summary: 'Whom I may mention: the staff, and those who have written in the course, by the beginning of a name',
    input: z.object({ course, begins: z.string().check(z.maxLength(60)) }),
    output: z.object({ people: z.array(z.object({ id: z.string(), name: z.string(), as: Writer.shape.as })) }),
  }),
  desk: endpoint({
    method: 'GET',
    path: '/courses/{course}/talk/desk',
    access: 'teaching',
    summary: 'For the staff of a course: questions nobody has answered, what was reported, or who may not write',
    input: z.object({ course, what: z.enum(['questions', 'reports', 'blocked']), page }),
    output: z.object({
      questions: z.array(Thread),
      reports: z.array(Report),
      blocked: z.array(Blocked),
      next: z.optional(z.string()),
    }),
  }),
  block: endpoint({
    method: 'PUT',
    path: '/courses/{course}/talk/blocked/{person}',
    access: 'teaching',
    summary: 'Keep somebody from writing in a course, or let them write again',
    input: z.object({ course, person: z.string().check(z.maxLength(100)), isBlocked: z.boolean(), reason: z.optional(reason) }),
    output: done,
  }),
}
