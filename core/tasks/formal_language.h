#pragma once

#include "core/zoo/property.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rnnscope::tasks {

/// Strings a^n b^(n+m1) c^(n+m2) … over an alphabet of V letters. Tokens: 0..V-1, begin = V, end = V+1.
/// Herrmann et al. 2024, section 5.
struct FormalLanguage
{
    std::vector<int> differences; ///< the task (0, m1, m2, …), one per letter
    int maxN = 10; ///< n goes up to maxN - 1

    int letters() const { return static_cast<int>(differences.size()); }
    int begin() const { return letters(); }
    int end() const { return letters() + 1; }
    int smallestN() const; ///< the first n for which no letter occurs a negative number of times
    int largestN() const { return maxN - 1; }
};

/// begin, the string for `n`, end up to `length` tokens. Longer strings are cut and then have no end.
std::vector<int> validSequence(const FormalLanguage& language, int n, std::size_t length);

struct Acceptance
{
    bool correct = false; ///< the authors' notion: counts up to the first end, whatever the order
    bool undefined = false; ///< no end token; never correct
    bool ordered = false; ///< correct, and the letters stand in order with nothing but a leading begin besides
};

/// The authors count every position, the first included, so a stored sequence that starts with the end token is the
/// empty string: restoreBegin() first. Reference README 23.
Acceptance accept(const FormalLanguage& language, std::span<const int> sequence);

/// The authors' trace of an undefined sequence: its first token becomes the end token.
void markUndefined(const FormalLanguage& language, std::span<int> sequence);
/// Takes that trace back.
void restoreBegin(const FormalLanguage& language, std::span<int> sequence);

/// The differences of one network; empty when unknown or not whole numbers.
std::vector<int> differencesOf(const zoo::Property& task, std::size_t row);

/// By which tasks are sorted for the split: -sum p ln(p + 1e-6) of p proportional to 1 + m - min m. Reference
/// README 27. Equal for tasks that are permutations of each other, to the last bit.
double entropyCriterion(std::span<const int> differences);

/// "a", "b", …; begin "⊢", end "⊣"; "?" for what is no token.
std::string tokenText(int token, int letters);
/// "aabbc⊣": without the begin token, up to the first end; a marked first token counts as begin.
std::string stringText(std::span<const int> sequence, int letters);

/// One factor of a task for people; set the exponent as a superscript.
struct TaskPiece
{
    std::string letter; ///< "b"
    std::string exponent; ///< "n", "n+1", "n−2"
};

std::vector<TaskPiece> taskPieces(std::span<const int> differences);
/// "a^n b^(n+1) c^n", where there are no superscripts.
std::string taskText(std::span<const int> differences);

} // namespace rnnscope::tasks
