import { computed } from 'vue'
import type { Video } from '#contract/media.ts'
import { useCostPreview } from '../recipes/useCostPreview.ts'
import { isStopped } from './states.ts'
import type { LessonVideoDesk } from './useLessonVideo.ts'
import { faultOf } from './video-file.ts'

/** A lesson's desk whose files are sent once it has been told what they take. */
export const useAskedChoice = (desk: LessonVideoDesk, video: () => Video | undefined) => {
  const { stage } = desk
  const costs = useCostPreview(desk.choose)
  /** No upload of it is under way or left unfinished. */
  const isSettled = computed(() => {
    const of = video()
    return stage.value === 'making' || stage.value === 'ready' || (of !== undefined && isStopped(of))
  })
  // What is taken up again was decided when it began.
  const choose = (files: File[]): void => {
    const [file] = files
    if (!file) return
    if (files.length > 1) desk.chooseFirst(files)
    else if (faultOf(file) || (stage.value !== 'none' && !isSettled.value)) desk.choose(file)
    else void costs.ask(file)
  }
  const asking: LessonVideoDesk = { ...desk, choose: (file) => choose([file]) }
  return { asking, choose, costs, isSettled }
}
