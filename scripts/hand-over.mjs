import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { root, schoolEnvironment, schoolNode } from './setup.mjs'

/** Runs a program of the school by its own Node to its end, and ends as it does. @param {readonly string[]} path @param {readonly string[]} args */
export const handOver = async (path, args) => {
  const program = spawn(await schoolNode(), [join(root, ...path), ...args], { cwd: root, env: schoolEnvironment(), stdio: 'inherit' })
  process.on('SIGINT', () => process.stdin.isTTY || program.kill('SIGINT'))
  process.on('SIGTERM', () => program.kill('SIGTERM'))
  program.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
}
