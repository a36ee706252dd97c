import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Film, FilmsShown } from '#contract/desks.ts'
import { client } from '../../lib/api.ts'
import { isBeingMade } from '../media/states.ts'
import type { MyVideo } from '../media/useMyVideos.ts'
import { usePages } from '../money/usePages.ts'

const POLL_MS = 4000

type Row = { entry: MyVideo; teacher: string }

/** Films of the whole school, page by page, asked for again while one of them is being made. */
export const useFilms = (show: Ref<FilmsShown>) => {
  const { t } = useI18n()
  /** What has left its course, or whose teacher has left, is listed all the same: it takes room. */
  const rowOf = ({ video, lesson = video.fileName, course, teacher = '' }: Film): Row => ({
    entry: { video, lesson, course: course ?? { id: '', title: t('desks.films.noCourse') } },
    teacher,
  })
  return usePages<Row>(
    ['operations', 'films', show],
    async (page) => {
      const { films, next } = await client.operations.films({ show: show.value, ...(page !== undefined && { page }) })
      return { rows: films.map(rowOf), ...(next !== undefined && { next }) }
    },
    { everyMs: (rows) => (rows?.some(({ entry }) => isBeingMade(entry.video)) ? POLL_MS : undefined) },
  )
}
