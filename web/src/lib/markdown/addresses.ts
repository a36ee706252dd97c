/** A picture of the school's own: what it is called, how large it is, and where everybody may fetch it, if everybody may. */
export type Picture = { id: string; width: number; height: number; address: string; isPublic: boolean }

const PICTURE = /^\/(files|catalogue\/pictures)\/(pic_[0-9a-z]{8,32})\/([1-9]\d{0,4})x([1-9]\d{0,4})\.(?:png|jpg|webp|avif|gif)$/

/** The picture an address names, if it is one of the school's. All others would tell another host who reads here. */
export const pictureAt = (address: string): Picture | undefined => {
  const [, place, id, width, height] = PICTURE.exec(address) ?? []
  if (id === undefined) return undefined
  return { id, width: Number(width), height: Number(height), address, isPublic: place !== 'files' }
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i
const OPENED = /^(?:https?|mailto|tel):/i

/** Whether a link may lead there: nothing that runs or holds something, and no scheme one cannot name. */
export const isLinkable = (address: string): boolean => !SCHEME.test(address) || OPENED.test(address)

export const isElsewhere = (address: string): boolean => /^(?:https?:)?\/\//i.test(address)

/** A film of a host the school knows, by the address of a player that keeps quiet until somebody presses play. */
export type Film = { host: 'YouTube' | 'Vimeo'; player: string }

const YOUTUBE =
  /^https:\/\/(?:(?:www\.|m\.)?youtube\.com\/(?:watch\?(?:[\w=%.-]+&)*v=|shorts\/|live\/|embed\/)|www\.youtube-nocookie\.com\/embed\/|youtu\.be\/)([\w-]{11})(?:[?&#][\w=&%.#-]*)?$/
const VIMEO = /^https:\/\/(?:www\.)?(?:vimeo\.com\/|player\.vimeo\.com\/video\/)(\d{1,12})(?:[?#][\w=&%.#-]*)?$/

export const filmAt = (address: string): Film | undefined => {
  const [, youtube] = YOUTUBE.exec(address) ?? []
  if (youtube !== undefined) return { host: 'YouTube', player: `https://www.youtube-nocookie.com/embed/${youtube}` }
  const [, vimeo] = VIMEO.exec(address) ?? []
  return vimeo === undefined ? undefined : { host: 'Vimeo', player: `https://player.vimeo.com/video/${vimeo}?dnt=1` }
}
