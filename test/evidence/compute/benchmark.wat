;; Input: start and number of turns, 64 bits each. Output: what is left after all turns of SplitMix64's finaliser.
(module
  (memory (export "memory") 1)
  (func (export "input") (param i32) (result i32) (i32.const 0))
  (func (export "run") (param i32 i64) (result i64)
    (local $x i64) (local $left i64)
    (local.set $x (i64.load (i32.const 0)))
    (local.set $left (i64.load (i32.const 8)))
    (loop $turn
      (local.set $x (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 30))) (i64.const 0xbf58476d1ce4e5b9)))
      (local.set $x (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 27))) (i64.const 0x94d049bb133111eb)))
      (local.set $x (i64.add (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 31))) (local.get $left)))
      (local.set $left (i64.sub (local.get $left) (i64.const 1)))
      (br_if $turn (i64.ne (local.get $left) (i64.const 0))))
    (i64.store (i32.const 0) (local.get $x))
    (i64.const 8)))
