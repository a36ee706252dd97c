import type { Leave, Post, Thread } from '#contract/talk.ts'
import type { World } from '#ports/world.ts'
import { blockOf, type Ground } from './ground.ts'
import type { StoredMark, StoredPost, StoredThread } from './records.ts'

const EXCERPT_CHARACTERS = 200

/** The beginning of a text in one line, without the signs of Markdown. */
export const excerptOf = (body: string): string => {
  const plain = body
    .slice(0, 4000)
    .replaceAll(/^(```|~~~).*$/gm, ' ')
    .replaceAll(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replaceAll(/^[ \t]*(#{1,6}|>|[-*+]|\d+\.)[ \t]+/gm, '')
    .replaceAll(/[*_`~]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const signs = [...plain]
  return signs.length > EXCERPT_CHARACTERS ? `${signs.slice(0, EXCERPT_CHARACTERS).join('').trimEnd()}…` : plain
}

export const shownThread = (thread: StoredThread, mark?: StoredMark): Thread => {
  const { posts, people: _, isRemoved: __, isWaiting: ___, ...rest } = thread
  const unread = mark?.readUpTo === undefined ? undefined : Math.max(0, posts - 1 - mark.readUpTo)
  return { ...rest, replies: posts - 1, ...(unread !== undefined && { unread }) }
}

/** A post as the reader may see it: what is hidden keeps its place, its reason, and its words from all but the staff and its writer. */
export const shownPost = ({ writer, isStaff }: Ground, post: StoredPost, mark?: StoredMark): Post => {
  const { thread: _, ...rest } = post
  const isMine = post.by.id === writer.id
  const isWithheld = post.isRemoved || (post.hidden !== undefined && !isStaff && !isMine)
  return {
    ...rest,
    ...(isWithheld && { body: '', mentions: [] }),
    isMine,
    isMyVote: mark?.votes.includes(post.number) ?? false,
    isReported: mark?.reported.includes(post.number) ?? false,
  }
}

export const leaveOf = async (world: Pick<World, 'tables' | 'clock'>, ground: Ground): Promise<Leave> => {
  const blocked = await blockOf(world, ground)
  return { mayModerate: ground.isStaff, mayWrite: blocked === undefined, ...(blocked !== undefined && { blocked }) }
}
