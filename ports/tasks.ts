export type TaskName = 'writer' | 'publisher'

/** `id` names this start: letters, digits, `.`, `_` and `-`, at most 64. `run` is what the program is told. */
export type Task = { name: TaskName; id: string; run: string }

/**
 * Programs that run apart from the school: a container in the cloud, a process at home. They have no hold of the school's tables; what
 * they have to say they tell the content bus. Starting is at least once: one id asked for twice, at the same time or later, runs once.
 *
 * @throws TaskRefused where the program cannot be begun now; nothing was begun.
 */
export type Tasks = { start(task: Task): Promise<void> }

/** Told by a home when a program has ended and not said by its exit code that all went well, or was stopped after its time. */
export type TaskEnd = { name: TaskName; id: string; run: string; fault: string }

/** A program that has not ended by itself by then is ended. */
export const TASK_SECONDS = 15 * 60

export class TaskRefused extends Error {
  readonly code = 'task-refused'
}
