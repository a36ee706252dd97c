import type { World } from '#ports/world.ts'
import { uploadRecords, videoRecords } from './records.ts'
import { claimRecords } from './room.ts'
import { videoOfSource } from './straight.ts'
import { isFilm, markUploaded } from './uploads.ts'

/**
 * A store tells that a film is whole. Whoever sends parts by keys of their own could put there what no upload announced, and no quota counts
 * it: that goes at once. What was announced is finished, in case the page was closed, or the school stopped, between the last part and
 * the call that says so. Told late or twice it does nothing more.
 * @throws ObjectsRefusal for a key that no upload of ours has: nobody here can remove it, so an operator is to hear of it
 */
export const takeArrival = async (world: World, key: string): Promise<void> => {
  const { tables, objects } = world
  const found = await objects.head(key)
  if (!found) return
  const id = videoOfSource(key)
  const video = id === undefined ? undefined : await videoRecords.get(tables, { id })
  if (video?.value.source !== key || found.size !== video.value.sizeBytes) return objects.remove(key)
  if (video.value.state !== 'uploading') return
  const claim = await claimRecords.get(tables, { video: video.value.id })
  const upload = claim && (await uploadRecords.get(tables, { id: claim.value.upload }))
  // What is no film is refused, and taken back, by the call of whoever sends it: they are told why.
  if (!upload || !(await isFilm(world, key))) return
  // Somebody else has written it meanwhile: the call itself, as a rule.
  if ((await markUploaded(world, { upload, video })) === 'conflict') await takeArrival(world, key)
}
