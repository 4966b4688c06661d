#include "Tutorial.h"

#include "moa/InitAll/InitAll.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  moa::registerEverything(registry);
  registry.insert<tutorial::TutorialDialect>();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "The tutorial's optimizer\n", registry));
}
