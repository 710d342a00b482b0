"""`python3 -m unittest dev.test_results`: counting what the runners print."""

import unittest

from dev import results
from dev.results import Count


class Counting(unittest.TestCase):
    """Samples as the runners print them."""

    def test_nextest(self):
        text = "     Summary [   1.2s] 14 tests run: 9 passed (1 flaky), 2 failed, 1 timed out, 3 skipped\n"
        self.assertEqual(results.nextest(text), Count(9, 3))

    def test_recordings_sum_over_kinds(self):
        self.assertEqual(results.recordings("register: matched 5 of 7\n\nevents: matched 1 of 1\n"), Count(6, 2))

    def test_nextest_ignores_what_tests_print(self):
        self.assertEqual(results.nextest("99 passed\n     Summary [   0.1s] 1 test run: 1 passed\n"), Count(1, 0))

    def test_cargo_test_sums_over_binaries(self):
        text = "test result: ok. 5 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored\n"
        self.assertEqual(results.cargo_test(text), Count(6, 2))

    def test_vitest(self):
        text = results.plain(" \x1b[2mTest Files\x1b[22m  1 failed (1)\n\x1b[2m      Tests \x1b[22m 2 failed | 5 passed (7)\n")
        self.assertEqual(results.vitest(text), Count(5, 2))

    def test_node_test(self):
        self.assertEqual(results.node_test("ℹ tests 7\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\n"), Count(5, 2))

    def test_the_failed_are_named_once(self):
        text = (
            "        PASS [   0.1s] (1/3) narrows-store fine\n"
            "        FAIL [   0.9s] (2/3) narrows-server::it costs::too_many\n"
            "        FAIL [   0.9s] (2/3) narrows-server::it costs::too_many\n"
            "test s3_keeps ... FAILED\n    # Subtest: x\n    not ok 3 - find: by keyboard\n"
            " FAIL  tests/unit/a.test.ts > reads\n"
        )
        names = ["narrows-server::it costs::too_many", "s3_keeps", "find: by keyboard", "tests/unit/a.test.ts > reads"]
        self.assertEqual(results.failed_tests(text), names)
        self.assertEqual(results.failed_tests("ok 1 - fine\n# fail 0\n"), [])

    def test_own_takes_the_last(self):
        self.assertEqual(results.own("3 passed, 0 failed\n10 passed, 1 failed\n"), Count(10, 1))

    def test_a_crash_or_an_empty_run_is_a_failure(self):
        self.assertEqual(Count(3, 0).judged(1), Count(3, 1))
        self.assertEqual(Count(0, 0).judged(0), Count(0, 1))
        self.assertEqual(Count(3, 0).judged(0), Count(3, 0))


if __name__ == "__main__":
    unittest.main()
