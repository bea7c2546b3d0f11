#include "qt_test.h"
#include "question_files.h"
#include "ui/models/encoder_answers.h"
#include "ui/models/flat_sizes.h"
#include "ui/models/refusals.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace rnnscope::ui {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr zoo::Architecture kSmall {
    .cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 4, .numLayers = 1, .outputSize = 6, .bias = true};
constexpr zoo::Architecture kPublished {
    .cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6, .bias = true};

class FileQuestionsTest : public testing::Test
{
protected:
    FileQuestionsTest()
    {
        questions.setReaders(files.readers());
        QObject::connect(&questions, &FileQuestions::weightsAsked,
                         [this](const WeightQuestion& question) { asked.push_back(question); });
        QObject::connect(&questions, &FileQuestions::encoderAsked,
                         [this](const EncoderImport& import) { encoders.push_back(import); });
        QObject::connect(&questions, &FileQuestions::imported,
                         [this](const std::shared_ptr<const zoo::Checkpoint>& each) { imported.push_back(each); });
        QObject::connect(&questions, &FileQuestions::failed, [this](const QString& message) { failures << message; });
    }

    void wait() const
    {
        ASSERT_TRUE(test::waitFor([this] { return !runner.busy(); }));
    }
    void ask()
    {
        questions.ask(files.refused());
        wait();
    }

    test::QuestionFiles files;
    std::vector<zoo::Architecture> known {kSmall};
    JobRunner runner;
    FileQuestions questions {runner, [this] { return known; }};
    std::vector<WeightQuestion> asked;
    std::vector<EncoderImport> encoders;
    std::vector<std::shared_ptr<const zoo::Checkpoint>> imported;
    QStringList failures;
};

TEST_F(FileQuestionsTest, ListsTheStacksAndReadOutsOfAFile)
{
    files.inspections["gan.pt"].stacks
        = {test::stackNamed("generator.lstm", {"generator.out", "generator.aux"}), test::stackNamed("critic.lstm", {}),
           test::stackNamed("both", {"out"}, "is bidirectional")};
    ask();
    ASSERT_EQ(asked.size(), 1U);
    const auto& stacks = asked[0].stacks;
    ASSERT_EQ(stacks.size(), 3U);
    EXPECT_EQ(stacks[0].text.toStdString(), "'generator.lstm': LSTM 1×4, 6 in");
    EXPECT_TRUE(stacks[0].unfit.isEmpty());
    ASSERT_EQ(stacks[0].heads.size(), 2U);
    EXPECT_EQ(stacks[0].heads[1].text, "'generator.aux', 6 out");
    EXPECT_EQ(stacks[1].unfit, "has no linear read-out");
    EXPECT_EQ(stacks[2].unfit, "is bidirectional");
}

TEST_F(FileQuestionsTest, AsksOnceForFilesThatAreAlike)
{
    for (const char* name : {"a.npy", "b.npy", "d.npy"})
        files.inspections[name] = test::flatNumbers(kSmall.parameterCount());
    files.inspections["c.npy"] = test::flatNumbers(100);
    ask();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_THAT(asked[0].files, ElementsAre("a.npy", "b.npy", "d.npy"));
    EXPECT_THAT(asked[1].files, ElementsAre("c.npy"));
    questions.open(asked[0], {});
    wait();
    EXPECT_THAT(files.opened, ElementsAre("a.npy", "b.npy", "d.npy"));
    EXPECT_EQ(files.loads, 3) << "each can be closed by itself";
}

TEST_F(FileQuestionsTest, DoesNotAskAboutFilesThatAreJustBad)
{
    questions.ask({{"bad.pt", {Errc::BadFormat, "bad.pt is no archive", {}}}});
    wait();
    EXPECT_TRUE(asked.empty());
    EXPECT_TRUE(failures.isEmpty());
}

TEST_F(FileQuestionsTest, SaysThatAFileHasGone)
{
    questions.ask({{"gone.npy", {Errc::NeedsChoice, "", {}}}});
    wait();
    EXPECT_TRUE(asked.empty());
    EXPECT_THAT(failures, ElementsAre("gone.npy is gone"));
}

TEST_F(FileQuestionsTest, HandsLabelsOn)
{
    files.inspections["a.npy"] = test::flatNumbers(kSmall.parameterCount());
    questions.ask(files.refused(), "runs/labels.csv");
    wait();
    ASSERT_EQ(asked.size(), 1U);
    questions.open(asked[0], {});
    wait();
    EXPECT_EQ(files.options.labels, "runs/labels.csv");
}

TEST_F(FileQuestionsTest, ShowsHostileNamesAsShortPlainText)
{
    auto& stacks = files.inspections["x.pt"].stacks;
    for (const auto& name : test::hostileNames())
        stacks.push_back(test::stackNamed(name, {name, "other"}, name));
    ask();
    ASSERT_EQ(asked.size(), 1U);
    for (const auto& stack : asked[0].stacks) {
        EXPECT_TRUE(test::isOneShortLine(stack.text)) << stack.text.left(200).toStdString();
        EXPECT_TRUE(test::isOneShortLine(stack.unfit));
        EXPECT_TRUE(test::isOneShortLine(stack.heads[0].text));
    }
    EXPECT_EQ(asked[0].stacks[1].name.size(), 10'000U) << "the answer has the whole name";
}

TEST_F(FileQuestionsTest, BeginsWithTheSizesOfWhatIsOpen)
{
    files.inspections["small.npy"] = test::flatNumbers(kSmall.parameterCount());
    ask();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].likely, kSmall);
}

TEST_F(FileQuestionsTest, AsksWhatAnEncoderDoesNotTell)
{
    files.encoders["flat.pt"] = test::flatEncoder("flat.pt", kSmall.parameterCount());
    questions.askEncoder("flat.pt");
    wait();
    ASSERT_EQ(encoders.size(), 1U);
    const auto answers = likelyAnswers(*encoders[0].file, encoders[0].guess, encoders[0].known);
    questions.import(encoders[0], choicesOf(answers));
    wait();
    ASSERT_EQ(imported.size(), 1U) << failures.join("; ").toStdString();
    EXPECT_EQ(imported[0]->config.kind, zoo::EncoderKind::Flat);
    EXPECT_EQ(imported[0]->config.rnn, kSmall) << "the open zoo's, which has as many parameters";
    EXPECT_TRUE(imported[0]->heads.empty());
}

TEST_F(FileQuestionsTest, SaysWhyAnEncoderCannotBeImported)
{
    files.encoders["flat.pt"] = test::flatEncoder("flat.pt", 1000);
    questions.askEncoder("flat.pt");
    wait();
    ASSERT_EQ(encoders.size(), 1U);
    questions.import(encoders[0],
                     choicesOf({{"rnn.cell", "lstm"},
                                {"rnn.input_size", "6"},
                                {"rnn.hidden_size", "4"},
                                {"rnn.num_layers", "1"},
                                {"rnn.output_size", "6"}}));
    wait();
    EXPECT_TRUE(imported.empty());
    ASSERT_EQ(failures.size(), 1);
    EXPECT_THAT(failures[0].toStdString(), HasSubstr("1000 parameters"));
}

TEST(FlatSizes, AreThoseOfTheFirstOpenShapeWithAsManyParameters)
{
    EXPECT_EQ(likelySizes(kPublished.parameterCount(), {kSmall, kPublished}), kPublished);
    EXPECT_EQ(likelySizes(1'000'003, {kSmall, kPublished}), kSmall) << "nothing fits";
}

TEST(FlatSizes, TryOtherNumbersOfHiddenUnits)
{
    auto wider = kSmall;
    wider.hiddenSize = 17;
    EXPECT_EQ(likelySizes(wider.parameterCount(), {kSmall}), wider);
    EXPECT_EQ(fittingHiddenSize(kPublished, wider.parameterCount()), std::nullopt);
    EXPECT_EQ(fittingHiddenSize(kPublished, 0), std::nullopt);
}

TEST(FlatSizes, SayWhatIsMissing)
{
    const auto fits = judgeSizes(kPublished, kPublished.parameterCount());
    EXPECT_TRUE(fits.fits);
    EXPECT_EQ(fits.text, QString::fromUtf8("13\u2009766 parameters ✓"));
    auto narrow = kPublished;
    narrow.hiddenSize = 31;
    const auto wrong = judgeSizes(narrow, kPublished.parameterCount());
    EXPECT_FALSE(wrong.fits);
    EXPECT_EQ(wrong.text,
              QString::fromUtf8(
                  "These sizes need 12\u2009964 parameters, the file has 13\u2009766; 32 hidden units would fit"));
    narrow.inputSize = 0;
    EXPECT_FALSE(judgeSizes(narrow, narrow.parameterCount()).fits);
}

TEST(EncoderAnswers, BecomeTheConfig)
{
    const auto choices = choicesOf({{"encoder", "flat"}, {"residual", "true"}, {"rnn.hidden_size", "32"}});
    const auto json = nlohmann::json::parse(choices.config);
    EXPECT_EQ(json, nlohmann::json::parse(R"({"encoder": "flat", "residual": true, "rnn": {"hidden_size": 32}})"));
    EXPECT_TRUE(choicesOf({}).config.empty());
}

TEST(EncoderAnswers, AreLikelyOnesWhereNoOpenZooFits)
{
    const auto file = test::flatEncoder("flat.pt", kPublished.parameterCount());
    const auto guess = weights::guessEncoder(*file, {});
    ASSERT_TRUE(guess);
    const auto whole = weights::guessEncoder(*file, choicesOf(likelyAnswers(*file, *guess, {kSmall})));
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->config.rnn, kPublished);
}

TEST(Refusals, AreOneSentenceForOneFileAndAListForSeveral)
{
    const auto one = summarise({{Errc::BadFormat, "a.pt is broken", "zlib: -3"}});
    EXPECT_EQ(one.message, "a.pt is broken");
    EXPECT_EQ(one.detail, "zlib: -3");
    std::vector<Error> errors;
    for (int i = 0; i < 30; ++i)
        errors.push_back({Errc::BadFormat, fmt::format("f{}.pt is broken", i), {}});
    const auto many = summarise(errors);
    EXPECT_EQ(many.message, "30 files could not be opened, the first because f0.pt is broken");
    EXPECT_TRUE(many.detail.startsWith("f0.pt is broken\nf1.pt"));
    EXPECT_TRUE(many.detail.endsWith("and 18 more"));
    for (const auto& name : test::hostileNames())
        EXPECT_TRUE(test::isOneShortLine(summarise({{Errc::BadFormat, name + " is broken " + name, name}}).message));
}

} // namespace
} // namespace rnnscope::ui
