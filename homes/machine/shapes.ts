import { JOBS_SHAPE } from './ffmpeg/jobs.ts'
import { IDENTITY_SHAPE } from './identity/store.ts'
import { OBJECTS_SHAPE } from './objects.ts'
import { SCHOOL_SHAPE } from './school-deeds.ts'
import { type Shapes, standings } from './shape.ts'

/** What of a data folder grows with versions. Stand-ins keep databases of their own, which are nobody's past. */
export const SHAPES: Shapes = {
  'school.sqlite': SCHOOL_SHAPE,
  'identity.sqlite': IDENTITY_SHAPE,
  'objects/objects.sqlite': OBJECTS_SHAPE,
  'drafts/objects.sqlite': OBJECTS_SHAPE,
  'transcoder/transcoder.sqlite': JOBS_SHAPE,
}

/**
 * Asked before anything of a data folder is opened.
 * @throws NewerFolder where a later version has written it; nothing is touched
 */
export const refuseNewer = async (folder: string): Promise<void> => void (await standings(folder, SHAPES))
